// Complexity of JavaScript and TypeScript by the parser of the package `typescript` (5): reads paths, a line each, and writes a JSON object a line.
// Started by complexity.py. The rule is that of docs/measures.md; what counts for a function is what stands in its body.
"use strict";
const fs = require("fs");
const ts = require(require.resolve("typescript", { paths: [process.argv[2]] }));
const K = ts.SyntaxKind;

const BRANCHES = new Set([
  K.IfStatement, K.ForStatement, K.ForInStatement, K.ForOfStatement, K.WhileStatement, K.DoStatement, K.CatchClause, K.CaseClause, K.ConditionalExpression,
]);
const OPERATORS = new Set([
  K.AmpersandAmpersandToken, K.BarBarToken, K.QuestionQuestionToken, K.AmpersandAmpersandEqualsToken, K.BarBarEqualsToken, K.QuestionQuestionEqualsToken,
]);

function measure(path) {
  const text = fs.readFileSync(path, "utf8");
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  if (file.parseDiagnostics.length > 0) return { path, broken: true };
  const result = { path, functions: 0, total: 0, max: 0, classes: 0, imports: 0 };
  const stack = [];
  const visit = (node) => {
    if (BRANCHES.has(node.kind) || (node.kind === K.BinaryExpression && OPERATORS.has(node.operatorToken.kind))) {
      if (stack.length > 0) stack[stack.length - 1]++;
    }
    if (node.kind === K.ClassDeclaration || node.kind === K.ClassExpression || node.kind === K.InterfaceDeclaration || node.kind === K.EnumDeclaration) {
      if (node.name) result.classes++;
    }
    if (node.kind === K.ImportDeclaration || node.kind === K.ImportEqualsDeclaration) result.imports++;
    if (node.kind === K.CallExpression && node.expression.kind === K.Identifier && node.expression.text === "require") result.imports++;
    if (ts.isFunctionLike(node) && node.body) {
      ts.forEachChild(node, (child) => { if (child !== node.body) visit(child); });
      stack.push(1);
      visit(node.body);
      const own = stack.pop();
      result.functions++;
      result.total += own;
      result.max = Math.max(result.max, own);
    } else {
      ts.forEachChild(node, visit);
    }
  };
  visit(file);
  return result;
}

for (const path of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) process.stdout.write(JSON.stringify(measure(path)) + "\n");
