/** Results as tables for people. */
import chalk from 'chalk'
import Table from 'cli-table3'
import { type Change, changeOf, changeToBase, type GrowthResult, LIMIT, type Result, type Results } from './results.ts'

/** A table without lines: the words are what matters. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' }
  const nothing = { 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '' }
  const built = new Table({
    head: [...head],
    chars: { ...none, ...nothing, right: '', 'right-mid': '', middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, column) => (column === 0 || head[column].startsWith('beside') ? 'left' : 'right')),
  })
  built.push(...rows.map((row) => [...row]))
  return built.toString()
}

export function renderTimes(results: readonly Result[], before: Results | null): string {
  const hasBase = results.some(({ base }) => base !== null)
  const head = ['', 'to the reference', 'on the clock', 'peak MB', 'Mpackets/s', 'GB/s']
  if (hasBase) head.push('to the base')
  if (before !== null) head.push(`since ${before.date}`)
  head.push('beside (time on the clock, processor time)')
  const rows = results.map((result) => {
    const { name, ratio, seconds, memory, packets, bytes, others } = result
    const isRead = packets !== null && seconds !== null && !name.startsWith('stage')
    const row = [
      name,
      ratio === null ? '' : `${number(ratio.cpu.median)} ±${percent(ratio.cpu.spread / 2)}`,
      ratio === null ? '' : number(ratio.wall.median),
      memory === null ? '' : memory.toFixed(0),
      isRead ? number(packets / seconds.wall / 1e6) : '',
      isRead ? number(bytes! / seconds.wall / 1e9) : '',
    ]
    if (hasBase) row.push(tell(changeToBase(result)))
    if (before !== null) row.push(tell(changeSince(result, before)))
    row.push(
      others
        .map((other) => `${other.name} ${number(other.ratio.wall.median)}, ${number(other.ratio.cpu.median)}`)
        .join('; '),
    )
    return row
  })
  return table(head, rows)
}

export function renderInstructions(results: readonly Result[], before: Results | null): string {
  const hasBase = results.some(({ base }) => base !== null)
  const head = ['', 'million instructions']
  if (hasBase) head.push('to the base')
  if (before !== null) head.push(`since ${before.date}`)
  const rows = results.map((result) => {
    const row = [result.name, result.instructions === null ? '' : (result.instructions / 1e6).toFixed(0)]
    if (hasBase) row.push(tell(changeToBase(result)))
    if (before !== null) row.push(tell(changeSince(result, before)))
    return row
  })
  return table(head, rows)
}

export function renderGrowth(results: readonly GrowthResult[]): string {
  const rows = results.map(({ name, packets, cpu, memory, passed }) => [
    name,
    number(packets),
    `${number(cpu.median)} ±${percent(cpu.spread / 2)}`,
    number(memory),
    passed ? 'yes' : chalk.red('NO'),
  ])
  return table(['', 'packets, times', 'processor time, times', 'memory, times', 'as it should be'], rows)
}

export function changeSince(result: Result, before: Results): Change | null {
  const same = before.cases.find(({ name }) => name === result.name)
  return same === undefined ? null : changeOf(result, same)
}

/** The change that decides, and what is worse besides. */
function tell(change: Change | null): string {
  if (change === null) return 'not known'
  const main = change.instructions ?? change.cpu
  const text = main === null ? '' : `${main < 0 ? '-' : '+'}${percent(Math.abs(main))}`
  if (change.worse.length > 0) {
    const wall = change.worse.includes('wall') ? ` clock +${percent(change.wall!)}` : ''
    const memory = change.worse.includes('memory') ? ` memory +${percent(change.memory!)}` : ''
    return chalk.red(`${text}${wall}${memory} WORSE`)
  }
  return main !== null && main < -LIMIT ? chalk.green(text) : text
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)}%`
}

/** Three digits. */
function number(value: number): string {
  return value >= 100
    ? value.toFixed(0)
    : value.toPrecision(3).replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros))
}
