/** `pcapx info`: what is this file? */
import { statSync } from 'node:fs'
import { Command } from 'commander'
import type { Io } from '../io.ts'
import { type AnalysisOptions, analysisOptions, examples } from '../options.ts'
import { type Finish, runAnalysis } from '../run.ts'

export function infoCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('info').summary('what a capture file is and holds'), { top: false })
    .description('What is this file? Format, size, time, link types, and whether packets were cut.')
    .addHelpText('after', examples('pcapx info trace.pcap', 'pcapx info trace.pcap --json | jq .packets'))
    .action(async (captures: string[], options: AnalysisOptions) => {
      const { CaptureStatistics } = await import('../../analyzers/statistics.ts')
      const { infoReport } = await import('../../report/info.ts')
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx info trace.pcap',
          comments: true,
          make: () => new CaptureStatistics(),
          report: (result, run) =>
            infoReport(
              result,
              run.captures.map((capture) => ({ ...capture, fileSize: sizeOf(capture.file) })),
            ),
        }),
      )
    })
}

/** Octets in the file as it is stored; null for a pipe. */
function sizeOf(file: string): number | null {
  if (file === '-') return null
  const status = statSync(file, { throwIfNoEntry: false })
  return status?.isFile() ? status.size : null
}
