/** The command line as a whole: which commands there are, and what happens to a line that none of them takes. */
import { existsSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { destinationsCommand } from './commands/destinations.ts'
import { endpointsCommand } from './commands/endpoints.ts'
import { explainCommand } from './commands/explain.ts'
import { extractCommand } from './commands/extract.ts'
import { fieldsCommand } from './commands/fields.ts'
import { filterCommand } from './commands/filter.ts'
import { flowsCommand } from './commands/flows.ts'
import { followCommand } from './commands/follow.ts'
import { hierarchyCommand } from './commands/hierarchy.ts'
import { infoCommand } from './commands/info.ts'
import { rttCommand } from './commands/rtt.ts'
import { showCommand } from './commands/show.ts'
import { summaryCommand } from './commands/summary.ts'
import { unwantedCommand } from './commands/unwanted.ts'
import { EXIT_DONE, fail, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { examples } from './options.ts'
import type { ExitCode, Finish } from './run.ts'

/** Runs one command line, without the program's name, and says how the process is to end. Never throws. */
export async function run(words: readonly string[], io: Io, version: string): Promise<ExitCode> {
  let code: ExitCode = EXIT_DONE
  const program = build(io, version, (exitCode) => {
    code = exitCode
  })
  try {
    if (words.length === 0 && io.inputIsTerminal) program.outputHelp()
    else await program.parseAsync(asksForSummary(program, words) ? ['summary', ...words] : words, { from: 'user' })
  } catch (error) {
    code = error instanceof CommanderError ? usage(error, io) : fail(error, io)
  }
  try {
    io.stdout.flush()
  } catch (error) {
    code = fail(error, io)
  }
  return code
}

function build(io: Io, version: string, finish: Finish): Command {
  const program = new Command('pcapx')
    .description('Looks into packet captures: how slow is the network, what is this traffic, who talks to whom.')
    .usage('[command] [capture ...] [options]')
    .version(version, '-V, --version', 'the version of pcapx')
    .helpOption('-h, --help', 'help; `pcapx <command> --help` for one command')
    .helpCommand(false)
    .addHelpText(
      'after',
      examples(
        'pcapx trace.pcap',
        'pcapx rtt trace.pcap',
        "pcapx filter 'tcp.port == 111' trace.pcap",
        'tcpdump -w - | pcapx hierarchy',
      ),
    )
  program.commandsGroup('Questions:')
  for (const make of [
    rttCommand,
    hierarchyCommand,
    destinationsCommand,
    endpointsCommand,
    flowsCommand,
    unwantedCommand,
    summaryCommand,
  ])
    program.addCommand(make(io, finish))
  program.commandsGroup('Packets:')
  for (const make of [filterCommand, explainCommand, showCommand, followCommand, extractCommand, fieldsCommand])
    program.addCommand(make(io, finish))
  program.commandsGroup('The file:')
  program.addCommand(infoCommand(io, finish))
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      // What is wrong reaches `usage` as an exception.
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? 80, 100),
      getOutHasColors: () => false,
    })
    command.configureHelp({ subcommandTerm: (subcommand) => subcommand.name() })
  }
  return program
}

/** Options of the program itself. */
const OWN_OPTIONS = ['-h', '--help', '-V', '--version']

/** `pcapx trace.pcap`, `pcapx -Y dns trace.pcap`, `tcpdump -w - | pcapx`: no command, and captures to read. */
function asksForSummary(program: Command, words: readonly string[]): boolean {
  const names = program.commands.map((command) => command.name())
  const [first] = words
  if (first === undefined) return true
  // What is neither a command nor a capture may be a command that was misspelt.
  if (!first.startsWith('-')) return !names.includes(first) && (/[./\\]/.test(first) || existsSync(first))
  return !OWN_OPTIONS.includes(first) && !words.some((word) => names.includes(word))
}

/** Commander has found the command line wrong, or has printed what was asked for. */
function usage(error: CommanderError, io: Io): ExitCode {
  if (error.exitCode === 0) return EXIT_DONE
  const [message, ...rest] = error.message.replace(/^error: /, '').split('\n')
  const hint = rest.map((text) => text.replace(/^\((.*)\)$/, '$1')).join('\n')
  return fail(new UsageError(message, hint || undefined), io)
}
