/** Captures that say in every place what a terminal, a spreadsheet or a web page would obey; every command, in every format. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PcapngBytes } from '../support/capture-bytes.ts'
import { type Allowed, ATTACKS, type Attack, formulas, offence } from '../support/hostile-attacks.ts'
import { PLACES, type Place } from '../support/hostile-places.ts'
import { Folder } from './captures.ts'
import { type Outcome, pcapx, type Surroundings } from './support.ts'

const folder = new Folder()

/** pcapng's options (draft-ietf-opsawg-pcapng §4.1, §4.2). */
const COMMENT = 1
const SECTION = { hardware: 2, os: 3, application: 4 }
const INTERFACE = { name: 2, description: 3, filter: 11, os: 12 }

/** 2026-01-01T00:00:00Z in microseconds. */
const START = 1_767_225_600_000_000n

interface Capture {
  readonly path: string
  /** By place: the numbers of its packets. */
  readonly packets: ReadonlyMap<Place, readonly number[]>
}

/** A capture with the attack in every place; its name has it too, where a file system lets it. */
function captureOf({ octets }: Attack): Capture {
  const text = octets.toString('latin1')
  const options = (codes: Readonly<Record<string, number>>) =>
    Object.values(codes).map((code) => ({ code, value: code === INTERFACE.filter ? [0, ...octets] : octets }))
  const bytes = new PcapngBytes()
    .section(options({ comment: COMMENT, ...SECTION }))
    .interface(1, 0, options({ comment: COMMENT, ...INTERFACE }))
  const packets = new Map<Place, number[]>()
  let number = 0
  for (const [n, place] of PLACES.entries()) {
    packets.set(place, [])
    for (const frame of place.frames(text.slice(0, place.room), n)) {
      packets.get(place)!.push(++number)
      const comment = number === 1 ? [{ code: COMMENT, value: octets }] : []
      bytes.enhanced(0, START + BigInt(1000 * number), frame, { options: comment })
    }
  }
  const name = octets.toString()
  const isName = Buffer.from(name).equals(octets) && !/[/\0]/.test(name)
  const path = join(folder.path, `${isName ? name : 'capture'}.pcapng`)
  writeFileSync(path, bytes.done())
  return { path, packets }
}

const FIELDS = [...new Set(PLACES.map(({ field }) => field)), 'frame.comment', 'frame.interface_name', 'sip']
const COLUMNS = FIELDS.flatMap((name) => ['-e', name])

/** What is run with each capture; `FILE` stands for it, `STREAM` for the stream in which Telnet says the text, `SOME` for packets. */
const LINES = [
  'summary FILE',
  'info FILE',
  'hierarchy FILE',
  'endpoints FILE',
  'destinations FILE',
  'rtt FILE --names --top 0',
  'flows FILE --names --by all --top 0',
  'unwanted FILE --top 0',
  'fields FILE',
  'fields --list frame.comment FILE',
  'filter frame FILE',
  'show SOME FILE --no-hex',
  'follow STREAM FILE',
]
const FORMATS = ['', '--json', '--jsonl', '--csv', '--as hex']

/** Whether the command has the format. */
function has(line: string, format: string): boolean {
  const [command] = line.split(' ')
  if (format === '--as hex') return command === 'follow'
  return format !== '--csv' || !['summary', 'show', 'follow'].includes(command)
}

interface Ran extends Outcome {
  readonly words: readonly string[]
  readonly allowed: Allowed
}

async function runAll({ path, packets }: Capture, isFirst: boolean): Promise<Ran[]> {
  // All packets in full take longest, and lines of JSON are written as documents are: of one capture that is enough.
  const some = isFirst ? '1-999' : '1-20'
  const formats = FORMATS.filter((format) => isFirst || format !== '--jsonl')
  const operands: Readonly<Record<string, string>> = { FILE: path, SOME: some, STREAM: await streamOf(path, packets) }
  const ran: Ran[] = []
  for (const line of LINES)
    for (const format of formats) {
      if (!has(line, format)) continue
      const words = line.split(' ').map((word) => operands[word] ?? word)
      if (line === 'fields FILE') words.push(...COLUMNS)
      if (format !== '') words.push(...format.split(' '))
      const isText = !words.some((word) => /^--(json|jsonl|csv)$/.test(word))
      // What `fields` writes is tshark's notation, with tabs between columns.
      const isNotation = line === 'fields FILE' && isText
      const allowed = { looks: isText, tabs: words[0] === 'follow' || isNotation, carriageReturns: format === '--csv' }
      // As a person sees it who has a terminal, and as a program does that reads from a pipe: tshark escapes nothing there.
      ran.push(await ranWith(words, { columns: 80, errorColumns: 80, environment: { FORCE_COLOR: '1' } }, allowed))
      if (isText && !isNotation && isFirst) ran.push(await ranWith(words, {}, { ...allowed, looks: false }))
    }
  return ran
}

async function ranWith(words: readonly string[], surroundings: Surroundings, allowed: Allowed): Promise<Ran> {
  return { ...(await pcapx(words, surroundings)), words, allowed }
}

/** The number of the stream in which Telnet says it. */
async function streamOf(path: string, packets: Capture['packets']): Promise<string> {
  const place = PLACES.find(({ name }) => name === 'Telnet text')!
  const [first] = packets.get(place)!
  const { stdout } = await pcapx(['fields', '-e', 'tcp.stream', '-Y', `frame.number == ${first}`, path])
  return stdout.trim()
}

/** What was written that must not have been. */
function offences(ran: readonly Ran[]): string[] {
  return ran.flatMap(({ words, bytes, stdout, stderr, code, allowed }) => {
    const what = words.filter((one) => !FIELDS.includes(one) && one !== '-e').join(' ')
    const found = [
      offence(bytes, allowed),
      offence(Buffer.from(stderr), { looks: allowed.looks }),
      code === 0 || code === 3 ? null : `exit code ${code}: ${stderr}`,
      words.includes('--csv') ? (formulas(stdout)[0] ?? null) : null,
    ]
    return found.filter((one) => one !== null).map((one) => `${JSON.stringify(what)}: ${one}`)
  })
}

/** What the JSON of a command says, read by somebody else. */
// biome-ignore lint/suspicious/noExplicitAny: documents of every command.
function documentOf(ran: readonly Ran[], command: string): any {
  const found = ran.find(({ words }) => words[0] === command && words.includes('--json') && !words.includes('--list'))
  return JSON.parse(found!.stdout)
}

/** Every value in the JSON that is text. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** tshark 4.0 has these in the values of text fields, and no others. */
const NAMED: Readonly<Record<string, string>> = { '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The octets as a field may have them: UTF-8, ASCII, or an octet a character; what is neither becomes U+FFFD. */
function readings(octets: Buffer): string[] {
  return [
    octets.toString(),
    octets.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd'),
    octets.toString('latin1'),
  ].map((text) => text.replace(/[\b\f\n\r\t]/g, (character) => NAMED[character]))
}

describe('text from a capture reaches nobody raw', () => {
  test.each(ATTACKS)('$name', async (attack) => {
    const capture = captureOf(attack)
    const ran = await runAll(capture, attack === ATTACKS[0])
    expect.soft(offences(ran)).toEqual([])
    const { rows } = documentOf(ran, 'fields')
    const holds = readings(attack.octets)
    for (const [place, numbers] of capture.packets) {
      if (place.without?.test(attack.octets.toString('latin1'))) continue
      const values: string[] = numbers.flatMap((number) => rows[number - 1][place.field])
      const wanted = place.escaped ? ['Zq'] : holds
      const isSeen = values.some((value) => wanted.some((text) => value.includes(text)))
      // A place that stops showing text would pass every other test.
      expect.soft(isSeen, `${place.name} shows ${JSON.stringify(values)}, not ${JSON.stringify(wanted)}`).toBe(true)
    }
    const info = documentOf(ran, 'info')
    // Hardware, system, application; name, description, filter and system of the interface.
    expect.soft(textsIn(info.files).filter((text) => text.includes('Zq')).length).toBeGreaterThanOrEqual(7)
    expect.soft(info.captures).toEqual([capture.path])
    expect.soft(textsIn(documentOf(ran, 'flows').flows).filter((text) => text.includes('Zq'))).not.toEqual([])
    expect.soft(textsIn(documentOf(ran, 'unwanted').findings).filter((text) => text.includes('Zq'))).not.toEqual([])
    const said = textsIn(documentOf(ran, 'follow').segments).map((text) => Buffer.from(text, 'base64').toString())
    expect.soft(said.filter((text) => text.includes('Zq'))).not.toEqual([])
  })
})

/** What a command line may hold that somebody was made to paste. */
const WORDS = ATTACKS.map(({ octets }) => octets.toString()).filter((word) => !word.includes('\0'))

describe('what was typed comes back', () => {
  const { path } = captureOf(ATTACKS[0])
  const capture = path

  test.each([
    ['a command that is none', (word: string) => [word]],
    ['a capture that is not there', (word: string) => ['info', `${folder.path}/no/${word}`]],
    ['the same, as JSON', (word: string) => ['info', `${folder.path}/no/${word}`, '--json']],
    ['a filter', (word: string) => ['filter', word, capture]],
    ['a filter of a command', (word: string) => ['flows', capture, '-Y', word]],
    ['a filter to explain', (word: string) => ['explain', word]],
    ['a filter with it as a text', (word: string) => ['flows', capture, '-Y', textFilter(word)]],
    ['the same, followed', (word: string) => ['follow', '0', capture, '-Y', textFilter(word)]],
    ['the same, extracted', (word: string) => ['extract', '--stream', '0', capture, '-Y', textFilter(word), '-w', out]],
    ['the same, in the summary', (word: string) => ['summary', capture, '-Y', textFilter(word)]],
    ['the same, explained', (word: string) => ['explain', textFilter(word)]],
    ['the same, explained as JSON', (word: string) => ['explain', textFilter(word), '--json']],
    ['the same, as JSON', (word: string) => ['filter', textFilter(word), capture, '--json']],
    ['a number of rows', (word: string) => ['flows', capture, '--top', word]],
    ['a field', (word: string) => ['fields', '-e', word, capture]],
    ['fields', (word: string) => ['fields', '-e', word, '-e', 'ip.scr', capture]],
    ['a pattern of fields', (word: string) => ['fields', '--list', word]],
    ['a pattern of fields, as JSON', (word: string) => ['fields', '--list', word, '--json']],
    ['an option', (word: string) => ['flows', capture, `--${word}`]],
    ['a stream', (word: string) => ['follow', word, capture]],
    ['packets', (word: string) => ['show', word, capture]],
    ['a kind', (word: string) => ['flows', capture, '--by', word]],
    ['a policy', (word: string) => ['unwanted', capture, '--policy', `${folder.path}/${word}.yaml`]],
    ['a file to write', (word: string) => ['filter', 'frame', capture, '-w', `${folder.path}/no/${word}.pcap`]],
  ])('%s', async (_, wordsOf) => {
    const found: string[] = []
    for (const word of WORDS) {
      const { bytes, stderr } = await pcapx(wordsOf(word), { columns: 80, environment: { NO_COLOR: '1' } })
      found.push(...[offence(bytes), offence(Buffer.from(stderr))].filter((one) => one !== null))
    }
    expect(found).toEqual([])
  })

  const out = `${folder.path}/out.pcapng`

  /** A filter that is right, with the word in a string that nothing in it ends. */
  function textFilter(word: string): string {
    return `not http.host == "${word.replaceAll('\\', '').replaceAll('"', '')}"`
  }

  test.each(['', '-3', 'NaN', 'Infinity', '1e308', '1', '2', '19', '\x1b[2J'])(
    'a terminal of COLUMNS=%j',
    async (columns) => {
      const environment = { COLUMNS: columns, FORCE_COLOR: '1' }
      for (const line of LINES) {
        const words = line.replace('STREAM', '0').replace('SOME', '1-9').split(' ')
        const { code, bytes, stderr } = await pcapx(
          words
            .map((word) => (word === 'FILE' ? capture : word))
            .concat(words[0] === 'fields' && words[1] === 'FILE' ? ['-e', 'ip.src'] : []),
          { columns: 80, errorColumns: 80, environment },
        )
        expect.soft([0, 3], `${line}: ${stderr}`).toContain(code)
        expect.soft(offence(bytes, { looks: true, tabs: true })).toBeNull()
      }
    },
  )
})
