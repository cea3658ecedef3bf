/** `pcapx rtt`: how slow is the network? */
import { Command } from 'commander'
import type { Io } from '../io.ts'
import { type AnalysisOptions, analysisOptions, examples, topOf } from '../options.ts'
import { type Finish, runAnalysis } from '../run.ts'

export function rttCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('rtt').summary('handshake round-trip time of every TCP connection'))
    .description(
      'How slow is the network? The round-trip times of every TCP handshake, slowest first: ' +
        'SYN RTT from SYN to SYN-ACK, ACK RTT from SYN-ACK to the last ACK, initial RTT the sum of both.',
    )
    .addHelpText('after', examples('pcapx rtt trace.pcap', "pcapx rtt trace.pcap --json | jq '.summary.p95'"))
    .action(async (captures: string[], options: AnalysisOptions) => {
      const { HandshakeRtt } = await import('../../analyzers/handshake-rtt.ts')
      const { rttReport } = await import('../../report/rtt.ts')
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx rtt trace.pcap',
          make: (context) => new HandshakeRtt(context),
          report: (result) => rttReport(result, topOf(options)),
        }),
      )
    })
}
