/*
 * worker_main - a worker that embeds CPython: the interpreter's own main
 * function, with _tandem registered as a built-in module.
 *
 * One source, two programs.  `static` (TD_WORKER_STATIC) is linked with a
 * libpython archive and is called like the interpreter.  `shared` loads the
 * libpython it is told to:
 *
 *     argv: PYTHON LIBPYTHON MODULE [the interpreter's arguments ...]
 *
 * argv[0] is in both the path of the interpreter that is stood in for: from
 * it CPython finds its prefix, its site-packages and a virtual environment.
 */
#ifdef TD_WORKER_STATIC

#include <Python.h>

PyMODINIT_FUNC PyInit__tandem(void);

int main(int argc, char **argv)
{
    if (PyImport_AppendInittab("_tandem", PyInit__tandem) < 0)
        return 1;
    return Py_BytesMain(argc, argv);
}

#else

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

typedef void *init_fn(void);
typedef int append_fn(const char *name, init_fn *init);
typedef int main_fn(int argc, char **argv);

static void *load(const char *path, int mode)
{
    void *library = dlopen(path, RTLD_NOW | mode);
    if (library)
        return library;
    fprintf(stderr, "tandem: loading %s: %s\n", path, dlerror());
    exit(1);
}

/* ISO C has no way from an object pointer to a function pointer; POSIX
 * promises that this one works. */
static void find(void *library, const char *symbol, void *function)
{
    void *address = dlsym(library, symbol);
    if (!address) {
        fprintf(stderr, "tandem: %s\n", dlerror());
        exit(1);
    }
    *(void **)function = address;
}

int main(int argc, char **argv)
{
    enum { OWN_ARGUMENTS = 2 };
    void *python, *module;
    append_fn *append_inittab;
    main_fn *python_main;
    init_fn *init;

    if (argc <= OWN_ARGUMENTS) {
        fprintf(stderr, "usage: PYTHON LIBPYTHON MODULE [ARGUMENT]...\n"
                        "PYTHON goes in the place of the program's name.\n");
        return 2;
    }
    /* Global, because extension modules look for its symbols there. */
    python = load(argv[1], RTLD_GLOBAL);
    module = load(argv[2], RTLD_LOCAL);
    find(python, "PyImport_AppendInittab", &append_inittab);
    find(python, "Py_BytesMain", &python_main);
    find(module, "PyInit__tandem", &init);
    if (append_inittab("_tandem", init) < 0)
        return 1;
    argv[OWN_ARGUMENTS] = argv[0];
    return python_main(argc - OWN_ARGUMENTS, argv + OWN_ARGUMENTS);
}

#endif
