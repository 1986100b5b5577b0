import { roles, type TokenRole } from '../../store/tokens.js'

/** Routes whose least role is another than that of their method: reading needs `read`, everything else `submit`. `none` asks for no token. */
const special: Readonly<Record<string, TokenRole | 'none'>> = {
  'GET /': 'none',
  'GET /assets/:file': 'none',
  'GET /livez': 'none',
  'GET /readyz': 'none',
  'GET /v1/debug/consistency': 'admin',
  'GET /v1/tokens': 'admin',
  'POST /v1/tokens': 'admin',
  'DELETE /v1/tokens/:token': 'admin',
  'POST /v1/drain': 'admin',
  'POST /v1/prune': 'admin',
}

/** The least role that may call a route. @param url as it is declared, as in `/v1/bosses/:boss`. */
export function leastRole(method: string, url: string): TokenRole | 'none' {
  const asked = method === 'HEAD' ? 'GET' : method
  return special[`${asked} ${url}`] ?? (asked === 'GET' ? 'read' : 'submit')
}

/** Whether a role lets do what another one lets do. */
export const includes = (role: TokenRole, least: TokenRole) => roles.indexOf(role) >= roles.indexOf(least)
