/** What is measured, and beside what. */
import type { CaptureName } from './captures/cache.ts'

export interface Case {
  readonly name: string
  /** `stage`: through the library (`stages.mjs`); the words are its stage. Else the words are a command line of pcapx. */
  readonly kind: 'stage' | 'command' | 'start'
  readonly words: readonly string[]
  /** Null: the small capture that comes with pcapx (fixtures/vm.pcap). The last word, unless there is none. */
  readonly capture: CaptureName | null
  /** What the user would run instead; `FILE` stands for the capture. */
  readonly others: readonly (readonly string[])[]
}

/** Stands for the capture in the words of a command. */
export const FILE = 'FILE'

const CAPINFOS = ['capinfos', '-c', FILE]
const DD = ['dd', `if=${FILE}`, 'of=/dev/null', 'bs=1M']
const tshark = (...words: string[]): string[] => ['tshark', '-n', '-r', FILE, ...words]
const tcpdump = (...words: string[]): string[] => ['tcpdump', '-n', '-r', FILE, '-w', '/dev/null', ...words]

/** A thread more for the larger capture would take memory of its own. */
const ALONE = ['--jobs', '1']
const TOP = ['--top', '10', '--json']

function stage(name: string, word: string, capture: CaptureName): Case {
  return { name: `stage: ${name}, ${capture}`, kind: 'stage', words: [word], capture, others: [] }
}

/** Named by its command line. */
function command(line: readonly string[], capture: CaptureName, ...others: (readonly string[])[]): Case {
  const told = line.filter((word) => word !== '--json' && word !== '/dev/null').join(' ')
  return { name: `${told}, ${capture}`, kind: 'command', words: [...line, FILE], capture, others }
}

function start(line: readonly string[]): Case {
  const isCommand = !line[0].startsWith('-')
  const words = isCommand ? [...line, FILE] : line
  return { name: `start-up: ${line.join(' ')}`, kind: 'start', words, capture: null, others: [['node', '-e', '0']] }
}

export const cases: readonly Case[] = [
  stage('read', 'read', 'packets'),
  stage('read', 'read', 'mixture'),
  stage('decode', 'decode', 'packets'),
  stage('decode', 'decode', 'mixture'),
  stage('compile filters', 'compile', 'mixture-tenth'),
  stage('match filters', 'match', 'mixture'),
  stage('statistics', 'CaptureStatistics', 'mixture'),
  stage('hierarchy', 'ProtocolHierarchy', 'mixture'),
  stage('endpoints', 'Endpoints', 'packets'),
  stage('destinations', 'Destinations', 'packets'),
  stage('flows', 'Flows', 'connections'),
  stage('rtt', 'HandshakeRtt', 'connections'),
  stage('unwanted', 'Unwanted', 'mixture'),

  command(['info', '--json'], 'mixture', CAPINFOS, DD),
  command(['info', '--json'], 'mixture-pcapng', CAPINFOS),
  command(['info', '--json'], 'packets', CAPINFOS, DD),
  command(['summary', '--json'], 'mixture', CAPINFOS),
  command(['hierarchy', '--json'], 'mixture', CAPINFOS, DD),
  command(['hierarchy', '--json'], 'mixture-pcapng', CAPINFOS),
  command(['hierarchy', '--json'], 'mixture-gzip', ['gzip', '-dc', FILE]),
  command(['hierarchy', '--json'], 'mixture-tenth', tshark('-q', '-z', 'io,phs')),
  command(['endpoints', '--json'], 'packets', CAPINFOS),
  command(['endpoints', '--json'], 'mixture-tenth', tshark('-q', '-z', 'endpoints,ip')),
  command(['destinations', '--json'], 'mixture-tenth', tshark('-q', '-z', 'dests,tree')),
  command(['flows', ...TOP], 'connections', CAPINFOS),
  command(['flows', '--json'], 'mixture-tenth', tshark('-q', '-z', 'conv,tcp', '-z', 'conv,udp')),
  command(['flows', '--names', '--json'], 'mixture'),
  command(['rtt', ...TOP], 'connections', CAPINFOS),
  command(
    ['rtt', '--json'],
    'mixture-tenth',
    tshark('-Y', 'tcp.analysis.initial_rtt', '-T', 'fields', '-e', 'tcp.stream', '-e', 'tcp.analysis.initial_rtt'),
  ),
  command(['unwanted', '--json'], 'mixture', CAPINFOS),
  command(['filter', 'tcp.port == 111', '--count'], 'packets', tcpdump('tcp port 111'), DD),
  command(['filter', 'tcp.port == 80', '-w', '/dev/null'], 'mixture', tcpdump('tcp port 80')),
  command(['filter', 'tcp.port == 443', '--count'], 'mixture-tenth', tshark('-Y', 'tcp.port == 443')),
  command(['filter', 'http.request', '--count'], 'mixture-tenth', tshark('-Y', 'http.request')),
  command(
    ['fields', '-e', 'frame.number', '-e', 'ip.src', '-e', 'tcp.dstport'],
    'mixture-tenth',
    tshark('-T', 'fields', '-e', 'frame.number', '-e', 'ip.src', '-e', 'tcp.dstport'),
  ),

  start(['--version']),
  start(['--help']),
  ...['summary', 'info', 'hierarchy', 'endpoints', 'destinations', 'flows', 'rtt', 'unwanted'].map((name) =>
    start([name]),
  ),
  start(['filter', 'tcp.port == 111']),
  start(['fields', '-e', 'ip.src']),
]

/** Time and memory on a capture and on one ten times as long. */
export interface Growth {
  readonly name: string
  readonly words: readonly string[]
  readonly small: CaptureName
  readonly large: CaptureName
  /** Nothing that is kept grows in number from one to the other, so memory must not either. */
  readonly sameMemory: boolean
}

function growth(line: readonly string[], small: CaptureName, large: CaptureName, sameMemory: boolean): Growth {
  return { name: `growth: ${line[0]}, ${large}`, words: [...line, FILE], small, large, sameMemory }
}

export const growths: readonly Growth[] = [
  growth(['hierarchy', '--json'], 'packets', 'packets-tenfold', true),
  growth(['endpoints', ...TOP, ...ALONE], 'packets', 'packets-tenfold', true),
  growth(['rtt', ...TOP, ...ALONE], 'packets', 'packets-tenfold', true),
  growth(['flows', ...TOP], 'packets', 'packets-tenfold', true),
  growth(['filter', 'tcp.port == 111', '--count', ...ALONE], 'packets', 'packets-tenfold', true),
  // Ten times as many streams, which are kept.
  growth(['rtt', ...TOP], 'connections-tenth', 'connections', false),
  growth(['flows', ...TOP], 'connections-tenth', 'connections', false),
  growth(['unwanted', '--json'], 'mixture-tenth', 'mixture', false),
]
