/** Where `filter` puts the packets that match. */
import type { CaptureInfo } from '../capture/info.ts'
import type { Packet } from '../packet/packet.ts'
import type { Need } from '../protocols/field.ts'
import { csvLine } from '../report/csv.ts'
import { JsonStream } from '../report/json-stream.ts'
import { jsonText } from '../report/json-text.ts'
import { SUMMARY_COLUMNS, SummaryLines, summarise } from '../report/packet-summary.ts'
import type { RunFacts } from '../report/report.ts'
import type { Style } from '../report/terminal.ts'
import type { Output } from './io.ts'

export interface PacketOutput {
  /** State across packets that it reads. */
  readonly needs: readonly Need[]
  /** How many matched is not part of the output: it is said beside it. */
  readonly saysCount: boolean
  /** The packets that follow come from this capture. */
  start?(info: CaptureInfo): void
  /** Takes a packet that matches; false once nobody reads any more. */
  packet(packet: Packet): boolean
  /** Hands on what is buffered, if that is not in standard output. */
  flush?(): void
  /** The run is over, and found captures. */
  end(facts: object & RunFacts): void
  /** In any case, at the very end. */
  close?(): void
}

const SCHEMA = 'pcapx.filter/1'

export function rows(stdout: Output, style: Style): PacketOutput {
  const lines = new SummaryLines(style)
  return {
    needs: ['times'],
    saysCount: true,
    packet: (packet) => stdout.write(lines.line(summarise(packet))),
    end: () => {},
  }
}

export function count(stdout: Output): PacketOutput {
  return {
    needs: [],
    saysCount: false,
    packet: () => true,
    end: (facts) => void stdout.write(`${facts.packetsMatched}\n`),
  }
}

export function countAsJson(stdout: Output): PacketOutput {
  return {
    needs: [],
    saysCount: false,
    packet: () => true,
    end: (facts) => void stdout.write(`${jsonText({ schema: SCHEMA, ...facts }, 2)}\n`),
  }
}

export function json(stdout: Output): PacketOutput {
  const document = new JsonStream(SCHEMA, {}, 'matches', (text) => stdout.write(text))
  return {
    needs: ['times'],
    saysCount: false,
    packet: (packet) => document.item(jsonText(summarise(packet))),
    end: (facts) => document.end({ ...facts }),
  }
}

export function jsonLines(stdout: Output): PacketOutput {
  return {
    needs: ['times'],
    saysCount: false,
    packet: (packet) => stdout.write(`${jsonText({ type: 'packet', ...summarise(packet) })}\n`),
    end: (facts) => void stdout.write(`${jsonText({ type: 'summary', schema: SCHEMA, ...facts })}\n`),
  }
}

export function csv(stdout: Output): PacketOutput {
  let begun = false
  const begin = () => {
    begun = true
    stdout.write(csvLine(SUMMARY_COLUMNS))
  }
  return {
    needs: ['times'],
    saysCount: true,
    packet: (packet) => {
      if (!begun) begin()
      const summary = summarise(packet)
      return stdout.write(csvLine(SUMMARY_COLUMNS.map((column) => summary[column])))
    },
    end: () => {
      if (!begun) begin()
    },
  }
}
