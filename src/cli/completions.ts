import { say } from './output.js'
import { helpOption } from './read.js'
import { BadUsage, type Asked, type Option, type Verb } from './verb.js'

type Verbs = Readonly<Record<string, Verb>>

/** `taylord completions SHELL`. */
export async function completionsFor(asked: Asked, verbs: Verbs): Promise<number> {
  const [shell = ''] = asked.exactly('bash, zsh or fish')
  const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined
  if (!script) throw new BadUsage(`completions takes bash, zsh or fish, not ${shell}`)
  await say(script(verbs))
  return 0
}

const shells: Readonly<Record<string, (verbs: Verbs) => string>> = { bash, zsh, fish }

const optionsOf = ({ options }: Verb): [string, Option][] => Object.entries({ ...options, ...helpOption })
const flagsOf = (verb: Verb) => optionsOf(verb).flatMap(([name, { short }]) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])])
const takesBoss = ({ takes }: Verb) => /^\[?BOSS/.test(takes)
/** The operands that are words. */
const wordsOf = ({ takes }: Verb) => (takes.includes('|') && !takes.startsWith('[') ? takes.split('|') : [])
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

function bash(verbs: Verbs): string {
  const all = Object.entries(verbs)
  const options = all.flatMap(([name, verb]) =>
    optionsOf(verb)
      .filter(([, { value }]) => value !== undefined)
      .map(([option, { short, choices }]) => {
        const pattern = [`"${name} --${option}"`, ...(short === undefined ? [] : [`"${name} -${short}"`])].join(' | ')
        const words =
          typeof choices === 'object' ? `_taylord_words ${quoted(choices.join(' '))}` : choices === 'file' ? '_taylord_files' : ':'
        return `    ${pattern}) ${words}; return ;;\n`
      }),
  )
  const flags = all.map(([name, verb]) => `    ${name}) _taylord_words ${quoted(flagsOf(verb).join(' '))} ;;\n`)
  const bosses = all.filter(([, verb]) => takesBoss(verb)).map(([name]) => name)
  const words = all.filter(([, verb]) => wordsOf(verb).length > 0)
  return `# bash completion of taylord
_taylord_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_taylord_files() { COMPREPLY=($(compgen -f -- "$cur")); }
_taylord() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} verb=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _taylord_words ${quoted([...Object.keys(verbs), '--help', '--version'].join(' '))}
    return
  fi
  case "$verb $prev" in
${options.join('')}  esac
  if [ "\${cur:0:1}" = - ]; then
    case $verb in
${flags.join('')}    esac
    return
  fi
  case $verb in
    ${bosses.join(' | ')})
      [ "$COMP_CWORD" -eq 2 ] && _taylord_words "last $(taylord ls --quiet 2>/dev/null)" || _taylord_files ;;
${words.map(([name, verb]) => `    ${name}) _taylord_words ${quoted(wordsOf(verb).join(' '))} ;;\n`).join('')}    *) _taylord_files ;;
  esac
}
complete -o filenames -F _taylord taylord
`
}

function zsh(verbs: Verbs): string {
  const told = (text: string) => text.replaceAll(/[[\]:]/g, '\\$&')
  const cases = Object.entries(verbs).map(([name, verb]) => {
    const options = optionsOf(verb).map(([option, { short, value, help, choices, many }]) => {
      const action = typeof choices === 'object' ? `(${choices.join(' ')})` : choices === 'file' || many ? '_files' : ' '
      const takes = value === undefined ? '' : `:${told(value)}:${action}`
      const spec = (flag: string) => quoted(`${flag}[${told(help)}]${takes}`)
      return [spec(`--${option}`), ...(short === undefined ? [] : [spec(`-${short}`)])].join(' ')
    })
    const words = wordsOf(verb)
    const operand = takesBoss(verb)
      ? "'1:boss:_taylord_bosses' '*:file:_files'"
      : words.length > 0
        ? `'1:word:(${words.join(' ')})'`
        : "'*:file:_files'"
    return `    ${name}) _arguments ${options.join(' ')} ${operand} ;;\n`
  })
  const list = Object.entries(verbs).map(([name, { summary }]) => `    ${quoted(`${name}:${told(summary)}`)}\n`)
  return `#compdef taylord
_taylord_bosses() { compadd last $(taylord ls --quiet 2>/dev/null); }
_taylord() {
  local -a verbs=(
${list.join('')}  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${cases.join('')}  esac
}
compdef _taylord taylord
`
}

function fish(verbs: Verbs): string {
  const lines = Object.entries(verbs).flatMap(([name, verb]) => {
    const within = `-n '__fish_seen_subcommand_from ${name}'`
    const options = optionsOf(verb).map(([option, { short, value, help, choices }]) => {
      const takes =
        value === undefined
          ? ''
          : choices === 'file'
            ? ' -r -F'
            : typeof choices === 'object'
              ? ` -x -a ${quoted(choices.join(' '))}`
              : ' -x'
      return `complete -c taylord ${within} -l ${option}${short === undefined ? '' : ` -s ${short}`}${takes} -d ${fishQuoted(help)}`
    })
    const words = wordsOf(verb)
    const operands = takesBoss(verb) ? ["'last (taylord ls --quiet 2>/dev/null)'"] : words.length > 0 ? [quoted(words.join(' '))] : []
    return [
      `complete -c taylord -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(verb.summary)}`,
      ...options,
      ...operands.map((operand) => `complete -c taylord ${within} -f -a ${operand}`),
    ]
  })
  return `# fish completion of taylord\n${lines.join('\n')}\n`
}

const fishQuoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
