/** What `scripts/parts.mjs` makes of the parts of the program: functions that work as the modules did. */
import { describe, expect, test } from 'vitest'
import { ROOT } from '../cli/support.ts'

interface Part {
  readonly name: string
  readonly text: string
}

interface Joined {
  readonly program: string
  readonly index: { groups: readonly { parts: readonly string[]; at: number; length: number; line: number }[] }
}

const { joinParts }: { joinParts(parts: readonly Part[], main: string): Joined } = await import(
  `${ROOT}scripts/parts.mjs`
)

/** Loads `main.js` as `bin/load.js` does; what it exports, and which parts and Node's modules were loaded, in order. */
function load(texts: Readonly<Record<string, string>>) {
  const parts = Object.entries(texts).map(([name, text]) => ({ name, text }))
  const { program, index } = joinParts(parts, 'main.js')
  const loaded: string[] = []
  const exported = new Map<string, Record<string, unknown>>()
  const part = (name: string): unknown => {
    if (!exported.has(name)) {
      loaded.push(name)
      const group = index.groups.find((group) => group.parts.includes(name))!
      const make = new Function(`return ${program.slice(group.at, group.at + group.length)}`)()
      exported.set(name, make(part, builtin, 'file:///program.cjs')[name]())
    }
    return exported.get(name)
  }
  const builtin = (name: string): unknown => {
    loaded.push(name)
    return process.getBuiltinModule(name)
  }
  return { main: part('main.js') as Record<string, never>, loaded, program, index }
}

describe('parts', () => {
  test('import from one another, by names of their own', () => {
    const { main } = load({
      'main.js':
        'import { one, two as zwei } from "./other.js"; var sum = one + zwei(); export { sum, zwei as default };',
      'other.js': 'var one = 1; function two() { return 2 } export { one, two };',
    })
    expect(main.sum).toBe(3)
    expect((main.default as () => number)()).toBe(2)
  })

  test('are loaded once, and not before they are imported', async () => {
    const { main, loaded } = load({
      'main.js': 'import "./first.js"; import "./first.js"; var later = () => import("./later.js"); export { later };',
      'first.js': '',
      'later.js': 'import "./first.js"; var value = 7; export { value };',
    })
    expect(loaded).toEqual(['main.js', 'first.js'])
    expect(await (main.later as () => Promise<unknown>)()).toEqual({ value: 7 })
    expect(loaded).toEqual(['main.js', 'first.js', 'later.js'])
  })

  test('have of a CommonJS module its properties, and it itself as the default', async () => {
    const { main } = load({
      'main.js': 'var later = () => import("./library.js"); export { later };',
      'library.js': 'export default { parse: 1 };',
    })
    expect(await (main.later as () => Promise<unknown>)()).toEqual({ parse: 1, default: { parse: 1 } })
  })

  test("load Node's modules when they use them", () => {
    const { main, loaded } = load({
      'main.js': `import { isIP as is, isIPv4 } from "node:net"; import * as path from "node:path"; import os from "node:os"; import { URL as Address } from "node:url";
        var use = () => [is("::1"), { isIPv4 }.isIPv4("::1"), path.posix.sep, os.EOL.length > 0, { is: 1 }.is, new Address("a:b").href];
        export { use };`,
    })
    expect(loaded).toEqual(['main.js'])
    expect((main.use as () => unknown)()).toEqual([6, false, '/', true, 1, 'a:b'])
    expect(loaded.slice(1)).toEqual(['node:net', 'node:net', 'node:path', 'node:os', 'node:url'])
  })

  test.each([
    'count = 2',
    'count++',
    '--count',
    'count ||= 1',
    '[count] = [1]',
    '({ a: count } = { a: 1 })',
    'for (count of [1]);',
  ])('do not export what changes: %s', (change) => {
    const texts = { 'main.js': `var count = 1; function change() { ${change} } export { count };` }
    expect(() => load(texts)).toThrow('count is assigned to')
  })

  test('may change properties of what they export, and variables of their own', () => {
    const { main } = load({
      'main.js': 'var list = [], own = 0; list[own] = 1; list.name = ++own; for (var i in list); export { list };',
    })
    expect(main.list).toEqual(Object.assign([1], { name: 1 }))
  })

  test('are strict, and ASCII', () => {
    const { main, program } = load({
      'main.js': 'var self = (function () { return this })(), quote = /[‘’]/.test("\\u2018"); export { self, quote };',
    })
    expect(main).toEqual({ self: undefined, quote: true })
    expect(program).toMatch(/^[\0-\x7f]*$/)
  })

  test('that are long are by themselves; the index says where each begins', () => {
    const long = `// ${'long '.repeat(10_000)}\nvar a = 1; export { a };`
    const { program, index, main } = load({
      'main.js': 'import { a } from "./long.js"; import { b } from "./short.js"; export { a, b };',
      'long.js': long,
      'short.js': 'var b = 2; export { b };',
    })
    expect(main).toEqual({ a: 1, b: 2 })
    expect(index.groups.map(({ parts }) => parts)).toEqual([['long.js'], ['main.js', 'short.js']])
    for (const { at, line } of index.groups) {
      expect(program.slice(at)).toMatch(/^\(function/)
      expect(program.slice(0, at).split('\n')).toHaveLength(line + 1)
    }
  })
})
