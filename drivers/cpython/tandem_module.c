/* SPDX-License-Identifier: MIT
 *
 * _tandem - what a CPython worker cannot do in Python: map the sample buffer
 * and time a batch.  The control channel is spoken by tandem_worker.py.
 *
 * Built against the limited API of 3.8, so that one file serves every later
 * CPython with a GIL.  PyObject_CallObject(op, NULL) is the limited API's
 * short way to a call without arguments: no tuple, straight to vectorcall.
 * A free-threaded CPython has no limited API as yet and takes a build of its
 * own; one thread alone calls this module there, too.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

enum { HEADER_BYTES = 64, LAYOUT_VERSION = 1 };

struct entry {
    uint64_t start_ns;
    uint64_t end_ns;
};

struct header {
    char magic[8];
    uint32_t version;
    uint32_t entry_size;
    uint64_t capacity;
};

/* One a module object; zeroed by the interpreter. */
struct state {
    struct entry *entries;
    uint64_t capacity;
    PyObject *gc_stats; /* owned: gc.get_stats */
};

struct batch {
    PyObject *op;       /* borrowed from the arguments */
    PyObject *expected; /* borrowed: a list, see BATCH_DOC */
    PyObject **results; /* loops new refs between timed() and judge() */
    PyObject *wrong;    /* new ref: text of the answer that differs */
    struct entry *entries;
    unsigned long long count, loops, warm, warm_ns;
    unsigned long long warmed, timed;
    uint64_t cpu_ns;
    PyObject *gc_stats; /* borrowed from the module's state */
    long long gc_cycles;
};

static inline uint64_t clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int warm_up(struct batch *b)
{
    uint64_t begin = clock_ns(CLOCK_MONOTONIC);
    while (b->warmed < b->warm ||
           clock_ns(CLOCK_MONOTONIC) - begin < b->warm_ns) {
        PyObject *result = PyObject_CallObject(b->op, NULL); /* new ref */
        if (!result)
            return -1;
        Py_DECREF(result);
        b->warmed++;
    }
    return 0;
}

/* One sample.  The results are kept, because giving them back is work that
 * does not belong between the readings. */
static int timed(struct batch *b, struct entry *entry)
{
    PyObject *op = b->op, **results = b->results;
    unsigned long long loops = b->loops, i;
    uint64_t start = clock_ns(CLOCK_MONOTONIC), end;

    for (i = 0; i < loops; i++) {
        results[i] = PyObject_CallObject(op, NULL); /* new ref */
        if (!results[i])
            break;
    }
    end = clock_ns(CLOCK_MONOTONIC);
    if (i < loops) {
        while (i-- > 0)
            Py_DECREF(results[i]);
        return -1;
    }
    entry->start_ns = start;
    entry->end_ns = end;
    return 0;
}

/* 1 if both are of one type and equal; an == that raises (or returns an
 * array) decides nothing. */
static int same(PyObject *value, PyObject *result)
{
    int equal;
    if (value == result)
        return 1;
    if (Py_TYPE(value) != Py_TYPE(result))
        return 0;
    equal = PyObject_RichCompareBool(value, result, Py_EQ);
    if (equal >= 0)
        return equal;
    if (!PyErr_ExceptionMatches(PyExc_Exception))
        return -1;
    PyErr_Clear();
    return 0;
}

/* 1 if the text of result is the expected one.  The first that is becomes
 * the expected object; with no text either, the first of all. */
static int same_text(struct batch *b, PyObject *result)
{
    Py_ssize_t known = PyList_Size(b->expected);
    PyObject *text = PyObject_Str(result); /* new ref */
    int rc = -1;

    if (!text)
        return -1;
    if (known == 0 && PyList_Append(b->expected, text) < 0)
        goto out;
    rc = PyUnicode_Compare(text, PyList_GetItem(b->expected, 0)) == 0;
    if (PyErr_Occurred() ||
        (rc && known < 2 && PyList_Append(b->expected, result) < 0))
        rc = -1;
    if (rc == 0) {
        b->wrong = text;
        return 0;
    }
out:
    Py_DECREF(text);
    return rc;
}

static int matches(struct batch *b, PyObject *result)
{
    int rc = 0;
    if (PyList_Size(b->expected) > 1)
        rc = same(PyList_GetItem(b->expected, 1) /* borrowed */, result);
    return rc ? rc : same_text(b, result);
}

/* Compares and gives back every result of a sample: 1 right, 0 wrong. */
static int judge(struct batch *b)
{
    int rc = 1;
    for (unsigned long long i = 0; i < b->loops; i++) {
        if (rc == 1)
            rc = matches(b, b->results[i]);
        Py_DECREF(b->results[i]);
    }
    return rc;
}

/* Collections of all generations since the interpreter began; -1 with an
 * exception set. */
static long long collections(PyObject *gc_stats)
{
    PyObject *list = PyObject_CallObject(gc_stats, NULL); /* new ref */
    long long sum = 0;
    Py_ssize_t n = list ? PyList_Size(list) : -1;

    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *stats = PyList_GetItem(list, i); /* borrowed */
        PyObject *count =
            PyMapping_GetItemString(stats, "collections"); /* new ref */
        if (count)
            sum += PyLong_AsLongLong(count);
        Py_XDECREF(count);
    }
    Py_XDECREF(list);
    return PyErr_Occurred() ? -1 : sum;
}

static int run(struct batch *b)
{
    uint64_t cpu_ns = 0;
    long long cycles;
    int right = 1;

    if (warm_up(b) < 0)
        return -1;
    cycles = collections(b->gc_stats);
    if (cycles < 0)
        return -1;
    cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    while (right == 1 && b->timed < b->count) {
        if (timed(b, &b->entries[b->timed]) < 0)
            return -1;
        b->timed++;
        right = judge(b);
    }
    if (right < 0)
        return -1;
    b->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns;
    b->gc_cycles = collections(b->gc_stats) - cycles;
    return PyErr_Occurred() ? -1 : 0;
}

static bool sizes_fit(const struct batch *b, const struct state *state)
{
    if (!state->entries)
        PyErr_SetString(PyExc_RuntimeError, "map() the sample buffer first");
    else if (b->count > state->capacity)
        PyErr_Format(PyExc_ValueError,
                     "%llu samples do not fit the buffer's capacity of %llu",
                     b->count, (unsigned long long)state->capacity);
    else if (b->loops < 1 || b->loops > PY_SSIZE_T_MAX / sizeof(PyObject *))
        PyErr_Format(PyExc_ValueError, "loops cannot be %llu", b->loops);
    else
        return true;
    return false;
}

PyDoc_STRVAR(
    BATCH_DOC,
    "batch(op, count, loops, warm, warm_ns, expected, /)\n--\n\n"
    "Time op() and return (warmed, timed, cpu_ns, gc_cycles, wrong).\n\n"
    "expected is a list: empty, [answer's text] or [text, object];\n"
    "batch() fills it up.  wrong is None, or the text of the answer\n"
    "that differed, and then the batch ended there.");

static PyObject *batch(PyObject *module, PyObject *args)
{
    struct state *state = PyModule_GetState(module);
    struct batch b = {.wrong = NULL};
    PyObject *answer = NULL;

    if (!PyArg_ParseTuple(args, "OKKKKO!:batch", &b.op, &b.count, &b.loops,
                          &b.warm, &b.warm_ns, &PyList_Type, &b.expected) ||
        !sizes_fit(&b, state))
        return NULL;
    b.entries = state->entries;
    b.gc_stats = state->gc_stats;
    b.results = PyMem_Malloc((size_t)b.loops * sizeof *b.results);
    if (!b.results)
        return PyErr_NoMemory();
    if (run(&b) == 0)
        answer = Py_BuildValue("KKKLO", b.warmed, b.timed,
                               (unsigned long long)b.cpu_ns, b.gc_cycles,
                               b.wrong ? b.wrong : Py_None); /* new ref */
    Py_XDECREF(b.wrong);
    PyMem_Free(b.results);
    return answer;
}

/* The layout is drivers/PROTOCOL.md's. */
static bool header_fits(const struct header *head, size_t size)
{
    return memcmp(head->magic, "TDSAMPLE", sizeof head->magic) == 0 &&
           head->version == LAYOUT_VERSION &&
           head->entry_size == sizeof(struct entry) &&
           head->capacity <= (size - HEADER_BYTES) / sizeof(struct entry);
}

/* gc.get_stats; taken before the workload can put something else there. */
static PyObject *gc_stats(void)
{
    PyObject *gc = PyImport_ImportModule("gc"); /* new ref */
    PyObject *function =
        gc ? PyObject_GetAttrString(gc, "get_stats") : NULL; /* new ref */
    Py_XDECREF(gc);
    return function;
}

/* Maps the file whole; the mapping lives as long as the process. */
static PyObject *map(PyObject *module, PyObject *args)
{
    struct state *state = PyModule_GetState(module);
    struct stat st;
    char *base;
    struct header head;
    int fd;

    if (!PyArg_ParseTuple(args, "i:map", &fd))
        return NULL;
    if (fstat(fd, &st) < 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    if (st.st_size < HEADER_BYTES) {
        PyErr_SetString(PyExc_ValueError, "the sample buffer has no header");
        return NULL;
    }
    base = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED,
                fd, 0);
    if (base == MAP_FAILED)
        return PyErr_SetFromErrno(PyExc_OSError);
    memcpy(&head, base, sizeof head);
    if (!header_fits(&head, (size_t)st.st_size)) {
        munmap(base, (size_t)st.st_size);
        PyErr_SetString(PyExc_ValueError,
                        "the sample buffer's header is not of version 1");
        return NULL;
    }
    if (!state->gc_stats && !(state->gc_stats = gc_stats())) {
        munmap(base, (size_t)st.st_size);
        return NULL;
    }
    state->capacity = head.capacity;
    state->entries = (void *)(base + HEADER_BYTES);
    return PyLong_FromUnsignedLongLong(state->capacity); /* new ref */
}

static PyObject *library(PyObject *module, PyObject *unused)
{
    union {
        PyObject *(*function)(PyObject *, PyObject *);
        void *address;
    } call = {.function = PyObject_CallObject};
    Dl_info info;

    (void)module;
    (void)unused;
    if (!dladdr(call.address, &info) || !info.dli_fname)
        return PyUnicode_FromString("");              /* new ref */
    return PyUnicode_DecodeFSDefault(info.dli_fname); /* new ref */
}

static PyMethodDef METHODS[] = {
    {"batch", batch, METH_VARARGS, BATCH_DOC},
    {"map", map, METH_VARARGS,
     "map(fd, /)\n--\n\nMap the sample buffer; return its capacity."},
    {"library", library, METH_NOARGS,
     "library()\n--\n\nThe file that holds the interpreter's code: the\n"
     "executable itself or a libpython."},
    {NULL, NULL, 0, NULL},
};

/* Not const: the interpreter keeps its own counts in it. */
static struct PyModuleDef MODULE = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_tandem",
    .m_doc = "The timed loop and the sample buffer of tandem's workers.",
    .m_size = sizeof(struct state),
    .m_methods = METHODS,
};

PyMODINIT_FUNC PyInit__tandem(void);

PyMODINIT_FUNC PyInit__tandem(void)
{
    PyObject *module = PyModule_Create(&MODULE); /* new ref */
#ifdef Py_GIL_DISABLED
    /* Else importing this would bring the GIL back. */
    if (module && PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED) < 0)
        Py_CLEAR(module);
#endif
    return module;
}
