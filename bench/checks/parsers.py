"""Whether files of Python, JavaScript and Java parse, by the parsers of the languages themselves: python3's own, node's compiler, javac's parser.

`SUFFIXES` are the languages with the ends of their files' names; `parse(language, paths)` gives True or False for each path, or None where the tool is not there.
"""
import ast
import json
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

SUFFIXES = {"Python": (".py", ".pyi", ".pyw"), "JavaScript": (".js", ".mjs", ".cjs"), "Java": (".java",)}

# A script, or a module.
NODE = r"""
const fs = require('fs'), vm = require('vm');
const parses = (text) => {
  const source = text.replace(/^\uFEFF/, '').replace(/^#!.*/, '');
  try { new vm.Script(source); return true; } catch { }
  try { new vm.SourceTextModule(source); return true; } catch { return false; }
};
for (const path of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean))
  console.log(JSON.stringify(parses(fs.readFileSync(JSON.parse(path), 'utf8'))));
"""

# Parses only: nothing is resolved. A file of another release than the compiler's is one that does not parse.
JAVA = r"""
import com.sun.source.util.JavacTask;
import java.io.*;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.List;
import javax.tools.*;

public class Parses {
  public static void main(String[] args) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    for (String path : Files.readAllLines(Path.of(args[0]))) {
      String text = Files.readString(Path.of(path), StandardCharsets.UTF_8);
      DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
      JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///X.java"), JavaFileObject.Kind.SOURCE) {
        @Override public CharSequence getCharContent(boolean ignore) { return text; }
      };
      JavacTask task = (JavacTask) compiler.getTask(Writer.nullWriter(), null, found, List.of("-proc:none"), null, List.of(file));
      task.parse().iterator().hasNext();
      System.out.println(found.getDiagnostics().stream().noneMatch(d -> d.getKind() == Diagnostic.Kind.ERROR));
    }
  }
}
"""


def python_parses(path):
    warnings.simplefilter("ignore")
    try:
        ast.parse(Path(path).read_bytes())
        return True
    except (SyntaxError, ValueError, RecursionError):
        return False


def parse(language, paths):
    if language == "Python":
        return [python_parses(path) for path in paths]
    if language == "JavaScript":
        if not shutil.which("node"):
            return None
        lines = "\n".join(json.dumps(str(path)) for path in paths)
        run = subprocess.run(["node", "--experimental-vm-modules", "--no-warnings", "-e", NODE], input=lines, capture_output=True, text=True, check=True)
    else:
        if not shutil.which("javac"):
            return None
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "Parses.java").write_text(JAVA)
            Path(folder, "list").write_text("\n".join(map(str, paths)))
            run = subprocess.run(["java", "Parses.java", "list"], cwd=folder, capture_output=True, text=True, check=True)
    results = [line == "true" for line in run.stdout.splitlines()]
    if len(results) != len(paths):
        raise SystemExit(f"the parser of {language} answered for {len(results)} of {len(paths)} files")
    return results
