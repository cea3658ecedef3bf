/**
 * Chains of `or` and `and` with fewer terms: what asks for one field's values again and again becomes one set, so that a chain of
 * 50,000 addresses takes no longer than the set of them.
 */
import type { Element, FieldOperand, Kind, Operand, Test } from './checked.ts'

type TestOf<T extends Test['type']> = Extract<Test, { type: T }>

/** Negations worth turning into the negation of one set. */
const SEVERAL = 4

/** Kinds of which a set is looked up. A flag of several bits is true for many values; times are compared in their own way. */
const LOOKED_UP: ReadonlySet<Kind> = new Set(['integer', 'wide', 'float', 'ipv4', 'ipv6', 'ether', 'bytes', 'string'])

/** Terms of an "or" that put one field into sets of constants, as one: `tcp.port == 80 || tcp.port == 443`. */
export function mergeAlternatives(terms: readonly Test[]): Test[] {
  const merged = new Map<string, Element[]>()
  const result: Test[] = []
  for (const term of terms) {
    const elements = constantElements(term)
    if (elements === undefined) {
      result.push(term)
      continue
    }
    const operand = (term.type === 'compare' ? term.left : (term as TestOf<'in'>).operand) as FieldOperand
    const known = merged.get(operand.name)
    if (known !== undefined) {
      for (const element of elements) known.push(element)
      continue
    }
    const all = [...elements]
    merged.set(operand.name, all)
    result.push({ type: 'in', quantifier: 'any', operand, elements: all })
  }
  return result
}

/** Terms of an "and" that rule something out, as the negation of an "or": `ip.addr != 10.0.0.1 && ip.addr != 10.0.0.2`. */
export function mergeExclusions(terms: readonly Test[]): readonly Test[] {
  const excluded: Test[] = []
  const others: Test[] = []
  const present = new Set<string>()
  for (const term of terms) {
    if (term.type === 'not') excluded.push(term.test)
    else if (excludesConstant(term)) {
      // All values are different: there are values, and none that is the same.
      const { name } = term.left as FieldOperand
      if (!present.has(name)) others.push({ type: 'exists', operand: term.left })
      present.add(name)
      excluded.push({ ...term, quantifier: 'any', relation: '==' })
    } else others.push(term)
  }
  return excluded.length < SEVERAL ? terms : [...others, { type: 'not', test: { type: 'or', terms: excluded } }]
}

function excludesConstant(test: Test): test is TestOf<'compare'> {
  if (test.type !== 'compare' || test.quantifier !== 'all' || test.relation !== '!=') return false
  return test.right.type === 'constant' && isWholeField(test.left)
}

function constantElements(test: Test): readonly Element[] | undefined {
  if (test.type === 'compare') {
    const { quantifier, relation, left, right } = test
    if (quantifier !== 'any' || relation !== '==' || right.type !== 'constant') return undefined
    return isWholeField(left) ? [{ low: right, high: undefined }] : undefined
  }
  if (test.type !== 'in' || test.quantifier !== 'any' || !isWholeField(test.operand)) return undefined
  const constant = test.elements.every(
    ({ low, high }) => low.type === 'constant' && (high === undefined || high.type === 'constant'),
  )
  return constant ? test.elements : undefined
}

function isWholeField(operand: Operand): operand is FieldOperand {
  return operand.type === 'field' && operand.layers === undefined && LOOKED_UP.has(operand.kind)
}
