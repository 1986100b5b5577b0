/** What stands in texts of the daemon for those who call it over HTTP, and what it is here. */
const words: readonly (readonly [RegExp, string])[] = [
  [/GET \/v1\/bosses lists/g, 'taylord ls --all lists'],
  [/GET …\/instructions\?status=failed lists/g, 'taylord ls BOSS --status failed lists'],
  [/GET …\/instructions lists/g, 'taylord ls BOSS lists'],
  [/GET \/v1\/kinds shows/g, 'taylord kinds shows'],
  [/make another one with POST \/v1\/bosses/g, 'taylord submit makes another one'],
  [/POST …\/(work|halt|stop) and …\/(work|halt|stop)/g, 'taylord $1 BOSS and taylord $2 BOSS'],
  [/POST …\/(work|halt|stop)\b/g, 'taylord $1 BOSS'],
  [/\b(status|kind|name|cause|reason|scheduler|into) in the (?:query|body)/g, '--$1'],
  [/\bcauses\.\d+ in the body/g, '--cause'],
  [/\bids(?:\.\d+)? in the body/g, 'IDS'],
  [/\bid in the path/g, 'an ID'],
]

/**
 * A text of the daemon with verbs and options in place of calls; what is not known stays.
 * @param boss that is meant.
 */
export const inVerbs = (text: string, boss: unknown = 'BOSS'): string =>
  words.reduce((said, [call, verb]) => said.replace(call, verb.replaceAll('BOSS', String(boss))), text)
