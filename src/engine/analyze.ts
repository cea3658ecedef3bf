/** Runs an analyzer: in this thread, or, where the capture can be cut and it pays, in several. */
import type { Analyzer } from '../analyzers/analyzer.ts'
import { newContext, type RunContext } from './context.ts'
import { type Run, type RunOptions, runOver } from './run.ts'

/** Runs one analyzer over the captures. */
export async function analyze<R>(
  files: readonly string[],
  make: (context: RunContext) => Analyzer<R>,
  options: RunOptions,
): Promise<Run & { readonly result: R }> {
  if (options.parallel !== undefined && options.parallel.jobs > 1) {
    const { analyzeInParts } = await import('./parts.ts')
    const outcome = await analyzeInParts(files, make, options, options.parallel)
    if (outcome !== null) return outcome
  }
  const context = newContext(options)
  const analyzer = make(context)
  const needs = [...(options.needs ?? []), ...analyzer.needs]
  const { filter } = options
  if (options.wholeFlows !== true || filter == null) {
    const outcome = await runOver(files, { ...options, needs }, context, (packet) => analyzer.observe(packet))
    options.onRead?.()
    return { ...outcome, result: analyzer.result() }
  }
  let matched = 0
  const outcome = await runOver(
    files,
    { ...options, filter: null, needs: [...needs, ...filter.needs] },
    context,
    (packet) => {
      analyzer.observe(packet)
      if (!filter.matches(packet)) return
      matched++
      analyzer.mark?.()
    },
  )
  options.onRead?.()
  return { ...outcome, matched, result: analyzer.result() }
}
