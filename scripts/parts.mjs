/**
 * Makes one file of the parts that esbuild splits the program into (modules that are only ever loaded together), for
 * `bin/load.js` to load each when it is first needed.
 *
 * They are ES modules, which Node neither takes from one file nor with V8's code for them. As functions they can be, and
 * what a part imports from another is a constant in it, which V8 builds into the code that it optimizes: measured,
 * `flows` takes a quarter less time than in esbuild's own CommonJS, where modules set variables when they are first needed.
 */
import ts from 'typescript'

/** Characters from which a part is compiled by itself. Those that are shorter are compiled together: each time costs a little. */
const ALONE = 16 * 1024

/** The file, and where in it each group of parts is. `main` names the part that is the program's entry. */
export function joinParts(parts, main) {
  const small = parts.filter(({ text }) => text.length < ALONE)
  const groups = parts.filter((part) => !small.includes(part)).map((part) => [part])
  if (small.length > 0) groups.push(small)
  const index = []
  let program = ''
  for (const group of groups) {
    const members = group.map(({ name, text }) => `${JSON.stringify(name)}() {\n${functionBody(name, text)}}`)
    const text = ascii(`(function (__part, require, __url) { 'use strict'; return {\n${members.join(',\n')}\n}})\n`)
    index.push({ parts: group.map(({ name }) => name), at: program.length, length: text.length, line: lines(program) })
    program += text
  }
  return { program, index: { main, groups: index } }
}

function lines(text) {
  return text.split('\n').length - 1
}

/** It is read as Latin-1, an octet a character. esbuild escapes what is in strings, but not in regular expressions. */
function ascii(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A part as the body of a function: imports are constants, exports are returned. */
export function functionBody(name, text) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const edits = []
  const replace = (node, by) => edits.push({ start: node.getStart(), end: node.end, by })
  const builtins = new Map()
  const assigned = new Set()
  const exported = []
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) replace(statement, importText(statement, builtins))
    else if (ts.isExportDeclaration(statement)) {
      for (const { name: as, propertyName } of statement.exportClause.elements)
        exported.push({ as: as.text, from: (propertyName ?? as).text })
      replace(statement, '')
    } else if (ts.isExportAssignment(statement)) {
      // What esbuild makes of a CommonJS module.
      replace(statement, `const __module = ${statement.expression.getText()};`)
      exported.push({ as: '...', from: '__module' }, { as: 'default', from: '__module' })
    }
  }
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    for (const target of targetsOf(node)) assigned.add(target)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      replace(node, `Promise.resolve().then(() => ${loading(node.arguments[0])})`)
    else if (ts.isIdentifier(node) && builtins.has(node.text) && !isPropertyName(node))
      replace(
        node,
        `${ts.isShorthandPropertyAssignment(node.parent) ? `${node.text}: ` : ''}${builtins.get(node.text)}`,
      )
    else if (!ts.isExportAssignment(node)) ts.forEachChild(node, visit)
  }
  visit(source)
  for (const { from } of exported)
    if (assigned.has(from))
      throw new Error(
        `${from} is assigned to, and another part imports it, as a constant: export a function that tells it`,
      )
  const result = exported.map(({ as, from }) => (as === '...' ? `...${from}` : as === from ? as : `${as}: ${from}`))
  let body = ''
  let at = 0
  for (const { start, end, by } of edits.sort((a, b) => a.start - b.start)) {
    body += text.slice(at, start) + by
    at = end
  }
  return `${body}${text.slice(at)}\nreturn { ${result.join(', ')} }\n`
}

/** Text that has the exports of a module: another part, or one of Node's. */
function loading(specifier) {
  return specifier.text.startsWith('./') ? `__part('${specifier.text.slice(2)}')` : `require('${specifier.text}')`
}

/** Node's own modules are entered into `builtins`, and are loaded when they are used: `node:crypto` takes milliseconds. */
function importText({ moduleSpecifier, importClause }, builtins) {
  const module = loading(moduleSpecifier)
  const bindings = importClause?.namedBindings
  const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : []
  if (!moduleSpecifier.text.startsWith('./')) {
    if (importClause?.name !== undefined) builtins.set(importClause.name.text, `(${module})`)
    if (bindings !== undefined && ts.isNamespaceImport(bindings)) builtins.set(bindings.name.text, `(${module})`)
    // `(0, ...)`: called without the module as `this`, and the whole of it behind `new`.
    for (const { name, propertyName } of named) builtins.set(name.text, `(0, ${module}.${(propertyName ?? name).text})`)
    return ''
  }
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) return `const ${bindings.name.text} = ${module};`
  if (named.length === 0) return `${module};`
  const names = named.map(({ name, propertyName }) => `${propertyName ? `${propertyName.text}: ` : ''}${name.text}`)
  return `const { ${names.join(', ')} } = ${module};`
}

/** The names that this very node assigns to. esbuild gives no two variables of a module that see each other one name. */
function targetsOf(node) {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return namesIn(node.left)
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return isStep(node.operator) ? namesIn(node.operand) : []
  return ts.isForOfStatement(node) || ts.isForInStatement(node) ? namesIn(node.initializer) : []
}

function isAssignment(kind) {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
}

function isStep(operator) {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken
}

function namesIn(target) {
  if (ts.isIdentifier(target)) return [target.text]
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) return []
  if (ts.isVariableDeclarationList(target)) return []
  const names = []
  ts.forEachChild(target, (child) => void names.push(...namesIn(child)))
  return names
}

/** Whether the identifier only names a property, and refers to nothing. */
function isPropertyName(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  if (ts.isBindingElement(parent)) return parent.propertyName === node
  return !ts.isShorthandPropertyAssignment(parent) && parent.name === node && !ts.isVariableDeclaration(parent)
}
