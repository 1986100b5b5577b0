// Renders the contract as one HTML page that needs nothing else: no script, no font, no picture, no other host.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const prose = (text = '') => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
const block = (value) => `<pre>${escaped(JSON.stringify(value, undefined, 2))}</pre>`
const nameOf = (ref) => ref.split('/').at(-1)

const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); --soft: color-mix(in srgb, currentColor 6%, transparent) }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 60rem); gap: 2rem }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; box-sizing: border-box; border-right: 1px solid var(--line); font-size: 13px }
nav a { display: block; padding: 1px 0 } nav b { display: block; margin-top: .8rem }
main { padding: 1rem 1rem 6rem 0 } section { border-top: 1px solid var(--line); margin-top: 2rem }
a { color: light-dark(#0b57d0, #8ab4f8); text-decoration: none } a:hover { text-decoration: underline }
code, pre, .path { font-family: ui-monospace, monospace; font-size: 13px } pre { background: var(--soft); padding: .6rem; overflow-x: auto; border-radius: 4px }
table { border-collapse: collapse; width: 100%; font-size: 14px } td, th { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line) }
th { font-weight: 600 } h2 { margin-top: 3rem } h3 .method { display: inline-block; min-width: 4.5rem } summary { cursor: pointer }
@media (max-width: 60rem) { body { display: block; padding: 0 1rem } nav { position: static; height: auto; border: 0 } }
`

/** A schema in few words, with links to those that have a name. */
function typeOf(schema = {}) {
  if (schema.$ref) return `<a href="#${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`
  const either = schema.anyOf ?? schema.oneOf
  if (either) return either.map(typeOf).join(' or ')
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`
  if (schema.enum) return schema.enum.map((one) => `<code>${escaped(one)}</code>`).join(' ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object' && Object.keys(schema.additionalProperties).length > 0)
    return `object of ${typeOf(schema.additionalProperties)}`
  const bounds = [
    schema.minimum !== undefined && `≥ ${schema.minimum}`,
    schema.maximum !== undefined && schema.maximum !== Number.MAX_SAFE_INTEGER && `≤ ${schema.maximum}`,
    schema.format,
    schema.default !== undefined && `${JSON.stringify(schema.default)} if absent`,
  ]
  return escaped([schema.type ?? 'anything', ...bounds.filter(Boolean)].join(', '))
}

const table = (heads, rows) =>
  rows.length === 0
    ? ''
    : `<table><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</table>`

function membersOf({ properties = {}, required = [], ...schema }) {
  if (Object.keys(properties).length === 0) return `<p>${typeOf(schema)}</p>`
  return table(
    ['member', 'is', ''],
    Object.entries(properties).map(([name, member]) => [
      `<code>${name}</code>${required.includes(name) ? '' : ' ?'}`,
      typeOf(member),
      prose(member.description),
    ]),
  )
}

function operationOf(method, path, operation, resolve) {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  const contents = ({ content = {} }) => Object.entries(content).map(([type, { schema }]) => `<code>${type}</code> ${typeOf(schema)}`)
  const examples = Object.values(requestBody?.content ?? {}).flatMap(({ example }) => (example === undefined ? [] : [block(example)]))
  const answers = Object.entries(responses).map(([status, given]) => {
    const answer = resolve(given)
    const headers = Object.entries(answer.headers ?? {}).map(
      ([name, header]) => `<br><code>${name}</code> ${prose(header.description ?? typeOf(header.schema))}`,
    )
    return [status, prose(answer.description) + headers.join(''), contents(answer).join('<br>')]
  })
  return `<section id="${operationId}">
<h3><span class="method">${method.toUpperCase()}</span> <span class="path">${escaped(path)}</span></h3>
<p><b>${prose(summary)}.</b> ${prose(description)}</p>
${table(
  ['', 'in', 'is', ''],
  parameters.map((one) => [`<code>${one.name}</code>${one.required ? '' : ' ?'}`, one.in, typeOf(one.schema), prose(one.description)]),
)}
${requestBody ? `<p>Body${requestBody.required ? '' : ', if any'}: ${contents(requestBody).join(', ')}</p>${examples.join('')}` : ''}
${table(['answer', '', ''], answers)}
</section>`
}

/** @param file path of openapi.yaml. @returns the page. */
export function pageOf(file) {
  const contract = parse(readFileSync(file, 'utf8'))
  const resolve = (node) =>
    node.$ref
      ? node.$ref
          .slice(2)
          .split('/')
          .reduce((value, key) => value[key], contract)
      : node
  const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  const parts = contract.tags.map(({ name, description }) => {
    const ofTag = operations.filter(({ operation }) => operation.tags.includes(name))
    return {
      nav: `<b>${name}</b>${ofTag.map(({ operation: { operationId, summary } }) => `<a href="#${operationId}">${prose(summary)}</a>`).join('')}`,
      main: `<h2>${name}</h2><p>${prose(description)}</p>${ofTag.map(({ method, path, operation }) => operationOf(method, path, operation, resolve)).join('')}`,
    }
  })
  const schemas = Object.entries(contract.components.schemas).map(
    ([name, schema]) => `<section id="${name}"><h3>${name}</h3><p>${prose(schema.description)}</p>${membersOf(schema)}</section>`,
  )
  const problems = Object.entries(contract.components.examples).map(
    ([code, { value }]) => `<details id="${code}"><summary>${value.status} <code>${code}</code></summary>${block(value)}</details>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${contract.info.title}: the HTTP interface</title><style>${style}</style></head>
<body><nav>${parts.map(({ nav }) => nav).join('')}<b>schemas</b>${Object.keys(contract.components.schemas)
    .map((name) => `<a href="#${name}">${name}</a>`)
    .join('')}</nav>
<main><h1>${contract.info.title}: the HTTP interface</h1><p>${prose(contract.info.description)}</p><p>As <a href="openapi.yaml">openapi.yaml</a>, for generators of clients.</p>
${parts.map(({ main }) => main).join('')}<h2>schemas</h2><p>A ? marks what may be absent.</p>${schemas.join('')}<h2>problems</h2>${problems.join('')}</main></body></html>
`
}
