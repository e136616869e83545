/*
 * cpython_loop - the loop that _tandem's is held against: what one would
 * write by hand to time a call, with nothing checked.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>
#include <time.h>

static inline uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* loop(op, count) -> count pairs of start and end, as bytes. */
static PyObject *loop(PyObject *module, PyObject *args)
{
    PyObject *op, *pairs;
    Py_ssize_t count;
    uint64_t *reading;

    (void)module;
    if (!PyArg_ParseTuple(args, "On", &op, &count))
        return NULL;
    pairs = PyBytes_FromStringAndSize(NULL, count * 16); /* new ref */
    if (!pairs)
        return NULL;
    reading = (void *)PyBytes_AsString(pairs);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *result;
        uint64_t start = now_ns(), end;
        result = PyObject_CallNoArgs(op); /* new ref */
        end = now_ns();
        reading[2 * i] = start;
        reading[2 * i + 1] = end;
        Py_XDECREF(result);
    }
    return pairs;
}

static PyMethodDef METHODS[] = {
    {"loop", loop, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef MODULE = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "cpython_loop",
    .m_methods = METHODS,
};

PyMODINIT_FUNC PyInit_cpython_loop(void);

PyMODINIT_FUNC PyInit_cpython_loop(void)
{
    return PyModule_Create(&MODULE); /* new ref */
}
