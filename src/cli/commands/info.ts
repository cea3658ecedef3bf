/** `pcapx info`: what is this file? */
import { statSync } from 'node:fs'
import { Command } from 'commander'
import type { Run } from '../../engine/run.ts'
import type { CaptureFile } from '../../report/info.ts'
import type { Io } from '../io.ts'
import { type AnalysisOptions, analysisOptions, examples, type JobsOptions, jobsOf, jobsOption } from '../options.ts'
import { type Finish, runAnalysis } from '../run.ts'

export function infoCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('info').summary('what a capture file is and holds'), { top: false })
    .description('What is this file? Format, size, time, link types, and whether packets were cut.')
    .addOption(jobsOption())
    .addHelpText('after', examples('pcapx info trace.pcap', 'pcapx info trace.pcap --json | jq .packets'))
    .action(async (captures: string[], options: AnalysisOptions & JobsOptions) => {
      const { CaptureStatistics } = await import('../../analyzers/statistics.ts')
      const { infoReport } = await import('../../report/info.ts')
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx info trace.pcap',
          comments: true,
          inThreads: { name: 'statistics' },
          jobs: jobsOf(options),
          make: () => new CaptureStatistics(),
          report: (result, run) => infoReport(result, filesOf(run)),
        }),
      )
    })
}

/** The captures of a run, with what the file system knows of them. */
export function filesOf(run: Run): CaptureFile[] {
  return run.captures.map((capture) => ({ ...capture, fileSize: sizeOf(capture.file) }))
}

/** Octets in the file as it is stored; null for a pipe. */
function sizeOf(file: string): number | null {
  if (file === '-') return null
  const status = statSync(file, { throwIfNoEntry: false })
  return status?.isFile() ? status.size : null
}
