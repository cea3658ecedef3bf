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
    if (words.length === 0) program.outputHelp()
    else {
      refuseBareCapture(program, words)
      await program.parseAsync(words, { from: 'user' })
    }
  } catch (error) {
    code = error instanceof CommanderError ? usage(error, io) : fail(error, io)
  }
  io.stdout.flush()
  return code
}

function build(io: Io, version: string, finish: Finish): Command {
  const program = new Command('pcapx')
    .description('Looks into packet captures: how slow is the network, what is this traffic, who talks to whom.')
    .usage('<command> [capture ...] [options]')
    .version(version, '-V, --version', 'the version of pcapx')
    .helpOption('-h, --help', 'help; `pcapx <command> --help` for one command')
    .helpCommand(false)
    .addHelpText(
      'after',
      examples('pcapx rtt trace.pcap', "pcapx filter 'tcp.port == 111' trace.pcap", 'tcpdump -w - | pcapx hierarchy'),
    )
  program.commandsGroup('Questions:')
  for (const make of [
    rttCommand,
    hierarchyCommand,
    destinationsCommand,
    endpointsCommand,
    flowsCommand,
    unwantedCommand,
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

/** `pcapx trace.pcap`: the summary of everything is yet to come; says what there is meanwhile. */
function refuseBareCapture(program: Command, words: readonly string[]): void {
  const [first] = words
  const names = program.commands.map((command) => command.name())
  if (first.startsWith('-') || names.includes(first)) return
  if (!/[./\\]/.test(first) && !existsSync(first)) return
  throw new UsageError(
    `${first} is a capture, not a command; what do you want to know?`,
    program.commands.map((c) => `pcapx ${c.name().padEnd(12)} ${c.summary()}`).join('\n'),
  )
}

/** Commander has found the command line wrong, or has printed what was asked for. */
function usage(error: CommanderError, io: Io): ExitCode {
  if (error.exitCode === 0) return EXIT_DONE
  const [message, ...rest] = error.message.replace(/^error: /, '').split('\n')
  const hint = rest.map((text) => text.replace(/^\((.*)\)$/, '$1')).join('\n')
  return fail(new UsageError(message, hint || undefined), io)
}
