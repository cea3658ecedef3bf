/** Policies in files (YAML, and JSON, which is YAML too), and the one that is built in. */
import { readFile } from 'node:fs/promises'
import { reasonOf } from '../source/errors.ts'
import { BUILT_IN, builtInDocument } from './built-in.ts'
import { compilePolicy } from './compile.ts'
import type { Policy, PolicyDocument } from './policy.ts'
import { type Path, PolicyError, Problems, showPath } from './problems.ts'
import { knownProtocols } from './protocols.ts'

/** Octets of a policy at most. */
const MAX_LENGTH = 4_194_304

export function builtInPolicy(): Policy {
  const problems = new Problems()
  const policy = compilePolicy(builtInDocument, { name: BUILT_IN, protocols: knownProtocols(), problems })
  if (policy === null)
    throw new Error(problems.all.map(({ path, message }) => `${showPath(path)}: ${message}`).join('\n'))
  return policy
}

/** Throws a `PolicyError` that names the file and the line. */
export async function readPolicy(path: string): Promise<Policy> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new PolicyError(`${path}: cannot be read: ${reasonOf(error)}`)
  })
  if (text.length > MAX_LENGTH) throw new PolicyError(`${path}: is no policy: it has ${text.length} characters`)
  return parsePolicy(text, path)
}

export async function parsePolicy(text: string, path: string): Promise<Policy> {
  const { LineCounter, parseDocument, isMap, isNode, isScalar } = await import('yaml')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new PolicyError(`${path}:${line}: column ${col}: ${error.message.split('\n')[0]}`, [
      'a policy is YAML or JSON; `pcapx unwanted --print-policy` prints one to start from',
    ])
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw new PolicyError(`${path}: ${reasonOf(cause)}`)
  }
  const problems = new Problems()
  const name = path.replace(/^.*[/\\]/, '')
  const policy = compilePolicy(value, { name, builtIn: builtInDocument, protocols: knownProtocols(), problems })
  if (policy !== null) return policy

  /** Of the key that leads to the value, or to the nearest that holds it. */
  const lineOf = (at: Path): number => {
    for (let length = at.length; length > 0; length--) {
      const parent = document.getIn(at.slice(0, length - 1), true)
      const key = at[length - 1]
      const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
      const node = pair === undefined ? document.getIn(at.slice(0, length), true) : pair.key
      if (isNode(node) && node.range != null) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  const placed = problems.all.map((problem) => ({ ...problem, line: lineOf(problem.path) }))
  const [first, ...others] = placed
    .sort((a, b) => a.line - b.line)
    .map((problem) => {
      const where = problem.path.length === 0 ? '' : `${showPath(problem.path)}: `
      return `${path}:${problem.line}: ${where}${problem.message}`
    })
  if (problems.more > 0) others.push(`${path}: and ${problems.more} more`)
  throw new PolicyError(first, others)
}

/** The policy as YAML, all of it: nothing is left to what it extends. */
export async function printPolicy(policy: Policy): Promise<string> {
  const { Document, isMap, isSeq, visit } = await import('yaml')
  const printed: PolicyDocument = { ...policy.document, name: policy.name === BUILT_IN ? 'my-policy' : policy.name }
  const document = new Document(printed, { aliasDuplicateObjects: false })
  document.commentBefore = ` ${policy.name}, as it holds: docs/POLICY.md says what may stand here.`
  visit(document, {
    // Lists of words on one line, and rules apart from each other.
    Seq(_, node) {
      if (!node.items.some((item) => isMap(item) || isSeq(item))) node.flow = true
    },
    Map(key, node, path) {
      if (key !== 0 && path.length === 4) node.spaceBefore = true
    },
  })
  return document.toString({ lineWidth: 100, flowCollectionPadding: false })
}
