/**
 * What every command prints for every fixture. After a change that is meant: `npx vitest run test/golden -u`, and then
 * read the difference like code. What tshark says of the same files, to hold the numbers against:
 *
 *   info          capinfos FILE
 *   rtt           tshark -n -r FILE -Y 'tcp.flags.syn == 1 and tcp.flags.ack == 1' -T fields -e tcp.stream -e tcp.analysis.ack_rtt
 *                 tshark -n -r FILE -Y tcp.analysis.initial_rtt -T fields -e tcp.stream -e tcp.analysis.initial_rtt
 *   hierarchy     tshark -n -r FILE -q -z io,phs
 *   destinations  tshark -n -r FILE -q -z dests,tree -z ipv6_dests,tree
 *   endpoints     tshark -n -r FILE -q -z endpoints,ip -z endpoints,ipv6 -z endpoints,tcp -z endpoints,udp
 *   flows         tshark -n -r FILE -q -z conv,tcp -z conv,udp
 *   filter        tshark -n -r FILE -Y EXPRESSION
 *   fields        tshark -n -r FILE -T fields -E occurrence=a -e NAME ...
 *
 * `four-questions.test.ts` has the numbers of tshark that matter most, by hand.
 */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture, pcapx, ROOT } from '../cli/support.ts'

const COMMANDS = ['info', 'rtt', 'hierarchy', 'destinations', 'endpoints', 'flows']

const fixtures = readdirSync(`${ROOT}fixtures`).filter((name) => /\.(pcap|pcapng)$/.test(name))

/** A session as a user sees it, standard error behind standard output. */
async function transcript(lines: string[][]): Promise<string> {
  let text = ''
  for (const words of lines) {
    const { code, stdout, stderr } = await pcapx(words)
    const quoted = words.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`))
    text += `$ pcapx ${quoted.join(' ')}\n${stdout}${stderr}${code === 0 ? '' : `[exit code ${code}]\n`}\n`
  }
  return text
}

describe('for people', () => {
  test.each(fixtures)('%s', async (name) => {
    const text = await transcript(COMMANDS.map((command) => [command, fixture(name)]))
    await expect(text).toMatchFileSnapshot(`text/${name}.txt`)
  })

  test('the packets behind the odd port', async () => {
    const file = fixture('vm.pcap')
    const text = await transcript([
      ['filter', 'tcp.port == 111 and tcp.flags.syn == 1', file],
      ['filter', 'arp or icmp or icmpv6 or igmp', file, '--limit', '20'],
      ['filter', 'tcp.port == 111', file, '--count'],
      ['rtt', file, '-Y', 'tcp.port == 111'],
      ['hierarchy', file, '-Y', 'tcp.port == 111', '--top', '3'],
      ['fields', '-e', 'frame.number', '-e', 'ip.src', '-e', 'tcp.port', '-Y', 'tcp.dstport == 111 and tcp.flags.syn == 1', file],
    ])
    await expect(text).toMatchFileSnapshot('text/filtered.txt')
  })
})

describe('for programs', () => {
  test.each(COMMANDS)('%s --json', async (command) => {
    const { stdout } = await pcapx([command, fixture('vm.pcap'), '--json'])
    JSON.parse(stdout)
    await expect(stdout).toMatchFileSnapshot(`json/${command}.json`)
  })

  test.each(COMMANDS)('%s --csv', async (command) => {
    const { stdout } = await pcapx([command, fixture('http.pcap'), '--csv'])
    await expect(stdout.replaceAll('\r\n', '\n')).toMatchFileSnapshot(`csv/${command}.csv`)
  })

  test.each(COMMANDS)('%s --jsonl has the records of --json', async (command) => {
    const document = JSON.parse((await pcapx([command, fixture('vm.pcap'), '--json'])).stdout)
    const lines = (await pcapx([command, fixture('vm.pcap'), '--jsonl'])).stdout.trim().split('\n')
    const records = lines.map((line) => JSON.parse(line))
    const summary = records.pop()
    expect(summary).toMatchObject({ type: 'summary', schema: document.schema, packetsRead: document.packetsRead })
    const lists = Object.keys(document.omitted).flatMap((key) => document[key])
    expect(records.map(({ type: _, ...record }) => record)).toEqual(lists)
  })
})

test.each(['gz', 'zst', 'lz4'])('http.pcap.%s is http.pcap', async (suffix) => {
  for (const command of ['rtt', 'hierarchy', 'endpoints', 'flows']) {
    const plain = await pcapx([command, fixture('http.pcap')])
    const packed = await pcapx([command, fixture(`http.pcap.${suffix}`)])
    expect(packed).toEqual(plain)
  }
})
