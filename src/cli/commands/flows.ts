/** `pcapx flows`: who talked to whom, how much, how long, and what was lost? */
import { Command, InvalidArgumentError, Option } from 'commander'
import { FLOW_KINDS, FLOW_ORDERS, type FlowKind, type FlowOrder } from '../../analyzers/flow-kinds.ts'
import { GEO_DESCRIPTION, GEO_FLAGS, openNamedCountries } from '../countries.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import {
  type AnalysisOptions,
  analysisOptions,
  examples,
  type MaxStreamsOptions,
  maxStreamsOf,
  maxStreamsOption,
  type NamesOptions,
  namesOption,
  topOf,
} from '../options.ts'
import { type Finish, runAnalysis } from '../run.ts'

interface Options extends AnalysisOptions, MaxStreamsOptions, NamesOptions {
  readonly by?: readonly FlowKind[]
  readonly sort: FlowOrder
  readonly wholeFlows?: true
  readonly geo?: string
}

export function flowsCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('flows').summary('every conversation: who, how much, how long, what was lost'))
    .description(
      'Every conversation: client, server, packets, bytes, time, state, lost bytes, retransmissions. ' +
        'The numbers are those of tcp.stream and udp.stream. With -Y packets are counted that match; ' +
        'state, lost bytes and retransmissions are always those of the whole stream.',
    )
    .addOption(
      new Option('--by <kinds>', `of what: ${FLOW_KINDS.join(', ')}, or all (default: tcp,udp,other)`).argParser(
        parseKinds,
      ),
    )
    .addOption(new Option('--sort <column>', 'what comes first').choices([...FLOW_ORDERS]).default('bytes'))
    .option('--whole-flows', 'with -Y: flows of which a packet matches, counted whole')
    .addOption(namesOption())
    .addOption(maxStreamsOption())
    .option(GEO_FLAGS, GEO_DESCRIPTION)
    .addHelpText(
      'after',
      examples(
        'pcapx flows trace.pcap',
        "pcapx flows trace.pcap -Y 'dns' --whole-flows",
        'pcapx flows trace.pcap --sort lost',
        'pcapx flows trace.pcap --by ip',
        "pcapx flows trace.pcap --jsonl | jq 'select(.serverRetransmissions > 0)'",
      ),
    )
    .action(async (captures: string[], options: Options) => {
      const { wholeFlows = false, by: kinds, sort: order } = options
      if (wholeFlows && options.filter === undefined)
        throw new UsageError(
          '--whole-flows needs a filter (-Y) that says which flows',
          "for example: -Y 'tcp.port == 80'",
        )
      const countryOf = await openNamedCountries(io, options.geo)
      const { Flows } = await import('../../analyzers/flows.ts')
      const { flowsReport } = await import('../../report/flows.ts')
      const maxStreams = maxStreamsOf(options)
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx flows trace.pcap',
          maxStreams,
          wholeFlows,
          needs: options.names ? ['names'] : [],
          make: (context) =>
            new Flows(context, { kinds, order, top: topOf(options), maxFlows: maxStreams, onlyMarked: wholeFlows }),
          report: (result) => flowsReport(result, countryOf),
        }),
      )
    })
}

function parseKinds(text: string): readonly FlowKind[] {
  if (text === 'all') return FLOW_KINDS
  return text.split(',').map((word) => {
    const kind = FLOW_KINDS.find((known) => known === word.trim())
    if (kind === undefined) throw new InvalidArgumentError(`Allowed are ${FLOW_KINDS.join(', ')} and all.`)
    return kind
  })
}
