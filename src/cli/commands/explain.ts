/** `pcapx explain`: what does this filter select? */
import { Command } from 'commander'
import { EXIT_DONE, UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import { colorOption, examples, styleOf, type ViewOptions } from '../options.ts'
import type { Finish } from '../run.ts'

interface Options extends ViewOptions {
  readonly json?: true
}

const EXAMPLE = "pcapx explain 'tcp.port == 80 or dns and not ip.src == 10.0.0.0/8'"
const SCHEMA = 'pcapx.explain/1'

export function explainCommand(io: Io, finish: Finish): Command {
  return new Command('explain')
    .summary('a display filter in words')
    .description('What does this filter select? Its tests in words, what binds to what, and its fields.')
    .usage('<expression> [options]')
    .argument('[expression]', "a display filter in Wireshark's language")
    .option('--json', 'one JSON document')
    .addOption(colorOption())
    .addHelpText('after', examples(EXAMPLE, "pcapx explain 'ip.addr != 10.0.0.1'"))
    .action(async (expression: string | undefined, options: Options) => {
      if (expression === undefined) throw new UsageError('no filter given', `for example: ${EXAMPLE}`)
      const { explain, explanationLines } = await import('../../report/explanation.ts')
      const explanation = explain(expression)
      if (options.json) {
        const { jsonText } = await import('../../report/json-text.ts')
        io.stdout.write(`${jsonText({ schema: SCHEMA, ...explanation }, 2)}\n`)
      } else for (const text of explanationLines(explanation, styleOf(options, io))) io.stdout.write(text)
      finish(EXIT_DONE)
    })
}
