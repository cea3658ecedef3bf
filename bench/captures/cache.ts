/** The captures by name: made once, and kept in the system's folder for temporary files. */
import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import { connections, mixture, smallPackets } from './kinds.ts'
import { type CaptureWriter, PcapngWriter, PcapWriter, type Written } from './writer.ts'

export interface Capture {
  readonly name: CaptureName
  readonly path: string
  readonly packets: number
  /** Octets once it is not compressed. */
  readonly bytes: number
  readonly digest: string
}

export type CaptureName = keyof typeof kinds

/** Sizes at scale 1. */
const SMALL_PACKETS = 1_500_000
const CONNECTIONS = 100_000
const MIXTURE_BYTES = 150_000_000

const kinds = {
  packets: {
    extension: 'pcap',
    write: pcap((writer, scale) => smallPackets(writer, Math.round(SMALL_PACKETS * scale))),
  },
  'packets-tenfold': {
    extension: 'pcap',
    write: pcap((writer, scale) => smallPackets(writer, Math.round(SMALL_PACKETS * 10 * scale))),
  },
  connections: {
    extension: 'pcap',
    write: pcap((writer, scale) => connections(writer, Math.round(CONNECTIONS * scale))),
  },
  'connections-tenth': {
    extension: 'pcap',
    write: pcap((writer, scale) => connections(writer, Math.round((CONNECTIONS / 10) * scale))),
  },
  mixture: { extension: 'pcap', write: pcap((writer, scale) => mixture(writer, MIXTURE_BYTES * scale)) },
  'mixture-tenth': {
    extension: 'pcap',
    write: pcap((writer, scale) => mixture(writer, (MIXTURE_BYTES / 10) * scale)),
  },
  'mixture-pcapng': {
    extension: 'pcapng',
    write: (path: string, scale: number) => {
      const writer = new PcapngWriter(path)
      mixture(writer, MIXTURE_BYTES * scale)
      return writer.close()
    },
  },
  'mixture-gzip': { extension: 'pcap.gz', write: compressed },
}

function pcap(write: (writer: CaptureWriter, scale: number) => void) {
  return (path: string, scale: number): Written => {
    const writer = new PcapWriter(path)
    write(writer, scale)
    return writer.close()
  }
}

/** The mixture, compressed as `gzip -6` does. */
async function compressed(path: string, scale: number): Promise<Written> {
  const { packets, bytes, digest, path: plain } = await capture('mixture', scale)
  await pipeline(createReadStream(plain), createGzip({ level: 6 }), createWriteStream(path, { mode: 0o600 }))
  return { packets, bytes, digest }
}

/** Where the captures are; one folder for each user of the machine. */
export function captureFolder(): string {
  return join(tmpdir(), `pcapx-bench-${Math.max(userInfo().uid, 0)}`)
}

/** The capture of that name, made if it is not there yet. `onMake` hears of it before that is done. */
export async function capture(name: CaptureName, scale: number, onMake?: (name: string) => void): Promise<Capture> {
  const { extension, write } = kinds[name]
  const folder = captureFolder()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stem = join(folder, `${name}-${scale}-${generators()}`)
  const path = `${stem}.${extension}`
  if (!existsSync(path) || !existsSync(`${stem}.json`)) {
    onMake?.(name)
    const unfinished = `${path}.${process.pid}`
    const written = await write(unfinished, scale)
    writeFileSync(`${stem}.json`, JSON.stringify(written))
    renameSync(unfinished, path)
  }
  const known = JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as Written
  if (extension !== 'pcap.gz' && statSync(path).size !== known.bytes) throw new Error(`${path} was changed: delete it`)
  return { name, path, ...known }
}

let digest: string | null = null

/** Changes with the code that makes captures, so that none is taken for another. */
function generators(): string {
  if (digest !== null) return digest
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const hash = createHash('sha256')
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)))
  digest = hash.digest('hex').slice(0, 8)
  return digest
}
