package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ours begins the import path of every package below workloads/.
const ours = "tandem/workloads/"

// file is a source file, and which of its lines have been reached.
type file struct {
	path    string
	source  []byte
	tree    *ast.File
	isTest  bool
	reached map[int]bool
}

// declaration is a top-level one; methods belong to their type.
type declaration struct {
	file    *file
	node    ast.Decl
	reached bool
}

// pkg is a package: name -> the declarations that make it up.
type pkg struct {
	files []*file
	names map[string][]*declaration
}

// program is what an entry needs, found from name to name.
type program struct {
	root     string
	set      *token.FileSet
	packages map[string]*pkg // by directory
}

func newProgram(root string) *program {
	return &program{root, token.NewFileSet(), map[string]*pkg{}}
}

func (p *program) load(dir string) (*pkg, error) {
	if found, ok := p.packages[dir]; ok {
		return found, nil
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s holds no Go file", dir)
	}
	loaded := &pkg{names: map[string][]*declaration{}}
	p.packages[dir] = loaded
	for _, path := range paths {
		fits, err := build.Default.MatchFile(dir, filepath.Base(path))
		if err != nil {
			return nil, err
		}
		if !fits {
			continue
		}
		if err := p.parse(loaded, path); err != nil {
			return nil, err
		}
	}
	return loaded, nil
}

func (p *program) parse(into *pkg, path string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	tree, err := parser.ParseFile(p.set, path, source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f := &file{path, source, tree, strings.HasSuffix(path, "_test.go"), map[int]bool{}}
	into.files = append(into.files, f)
	for _, node := range tree.Decls {
		d := &declaration{file: f, node: node}
		for _, name := range declared(node) {
			into.names[name] = append(into.names[name], d)
		}
	}
	return nil
}

// declared are the names by which a declaration is reached: a method by its
// type's.
func declared(node ast.Decl) []string {
	if f, ok := node.(*ast.FuncDecl); ok {
		if f.Recv == nil {
			return []string{f.Name.Name}
		}
		return []string{receiver(f.Recv.List[0].Type)}
	}
	var names []string
	for _, spec := range node.(*ast.GenDecl).Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			names = append(names, s.Name.Name)
		case *ast.ValueSpec:
			for _, name := range s.Names {
				names = append(names, name.Name)
			}
		}
	}
	return names
}

// receiver is the name of a method's type, without * and type parameters.
func receiver(node ast.Expr) string {
	switch t := node.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}

// benchmark reaches what a benchmark calls.
func (p *program) benchmark(dir, name string) error {
	in, err := p.load(dir)
	if err != nil {
		return err
	}
	if len(in.names[name]) == 0 {
		return fmt.Errorf("there is no %s", name)
	}
	return p.reach(in, name)
}

// main reaches what a main package runs.
func (p *program) main(dir string) error {
	in, err := p.load(dir)
	if err != nil {
		return err
	}
	if len(in.names["main"]) == 0 {
		return fmt.Errorf("%s is no main package", dir)
	}
	if err := p.reach(in, "main"); err != nil {
		return err
	}
	return p.reach(in, "init")
}

func (p *program) reach(in *pkg, name string) error {
	for _, d := range in.names[name] {
		if d.reached {
			continue
		}
		d.reached = true
		p.mark(d.file, d.node)
		if err := p.follow(in, d); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) mark(f *file, node ast.Node) {
	for line := p.line(node.Pos()); line <= p.line(node.End()); line++ {
		f.reached[line] = true
	}
}

func (p *program) line(pos token.Pos) int {
	return p.set.Position(pos).Line
}

// follow reaches whatever the declaration names. It goes by names alone: a
// local variable that hides a function counts as that function's use.
func (p *program) follow(in *pkg, d *declaration) error {
	var failed error
	ast.Inspect(d.node, func(node ast.Node) bool {
		var err error
		switch n := node.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				err = p.cross(in, d.file, x.Name, n.Sel.Name)
			} else {
				err = p.follow(in, &declaration{file: d.file, node: wrap(n.X)})
			}
			if err != nil && failed == nil {
				failed = err
			}
			return false
		case *ast.Ident:
			err = p.reach(in, n.Name)
		}
		if err != nil && failed == nil {
			failed = err
		}
		return failed == nil
	})
	return failed
}

// wrap makes a declaration of an expression, so that it can be followed.
func wrap(x ast.Expr) ast.Decl {
	spec := &ast.ValueSpec{Values: []ast.Expr{x}}
	return &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{spec}}
}

// cross reaches x.name: of an imported package, or of whatever x is here.
func (p *program) cross(in *pkg, f *file, x, name string) error {
	for _, spec := range f.tree.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || imported(spec, path) != x {
			continue
		}
		if !f.isTest {
			p.mark(f, spec)
			p.markBrackets(f, spec)
		}
		below, ok := strings.CutPrefix(path, ours)
		if !ok {
			return nil
		}
		other, err := p.load(filepath.Join(p.root, below))
		if err != nil {
			return err
		}
		return p.reach(other, name)
	}
	return p.reach(in, x)
}

// imported is the name that an import has in its file.
func imported(spec *ast.ImportSpec, path string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	words := strings.Split(path, "/")
	last := words[len(words)-1]
	if len(words) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = words[len(words)-2]
	}
	return last
}

// markBrackets marks `import (` and its end.
func (p *program) markBrackets(f *file, spec *ast.ImportSpec) {
	for _, node := range f.tree.Decls {
		d, ok := node.(*ast.GenDecl)
		if ok && d.Tok == token.IMPORT && d.Pos() <= spec.Pos() && spec.End() <= d.End() {
			f.reached[p.line(d.Pos())] = true
			f.reached[p.line(d.End())] = true
		}
	}
}

// code are the numbers of the lines that hold code.
func code(source []byte) map[int]bool {
	set := token.NewFileSet()
	in := set.AddFile("", -1, len(source))
	text := strings.Split(string(source), "\n")
	lines := map[int]bool{}
	var s scanner.Scanner
	s.Init(in, source, nil, 0)
	for {
		pos, kind, literal := s.Scan()
		if kind == token.EOF {
			return lines
		}
		if kind == token.SEMICOLON && literal == "\n" {
			continue
		}
		first := in.Line(pos)
		for line := first; line <= first+strings.Count(literal, "\n"); line++ {
			if strings.TrimSpace(text[line-1]) != "" {
				lines[line] = true
			}
		}
	}
}

// lines are those of the files that hold anything reached; the package
// clause and imports for their effect belong to them. Test files are left
// out.
func (p *program) lines() map[string]int {
	found := map[string]int{}
	for _, loaded := range p.packages {
		for _, f := range loaded.files {
			if f.isTest || len(f.reached) == 0 {
				continue
			}
			p.mark(f, f.tree.Name)
			p.markEffects(f)
			for line := range code(f.source) {
				if f.reached[line] {
					found[f.path]++
				}
			}
		}
	}
	return found
}

func (p *program) markEffects(f *file) {
	for _, spec := range f.tree.Imports {
		if spec.Name != nil && spec.Name.Name == "_" {
			p.mark(f, spec)
			p.markBrackets(f, spec)
		}
	}
}
