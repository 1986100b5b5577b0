import type { Attribute } from './values.js'

/** What somebody writes for attributes: a field each. */
export function Fields({
  of,
  given,
  set,
  needed,
}: {
  readonly of: readonly (readonly [string, Attribute])[]
  readonly given: Readonly<Record<string, string>>
  readonly set: (name: string, text: string) => void
  /** Whether what has no default must be written. */
  readonly needed: boolean
}) {
  return (
    <div class="fields">
      {of.map(([name, attribute]) => {
        const { info, optional = false, default: standard } = attribute
        const props = {
          id: `field-${name}`,
          value: given[name] ?? '',
          required: needed && !optional,
          'aria-describedby': info === undefined ? undefined : `info-${name}`,
          placeholder:
            standard === undefined || standard === null ? '' : typeof standard === 'string' ? standard : JSON.stringify(standard),
          onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement }) =>
            set(name, currentTarget.value),
        }
        return (
          <div class="field" key={name}>
            <span>
              <label for={`field-${name}`}>{name}</label> {needed && !optional && <span class="faint">must be given</span>}
            </span>
            <Field attribute={attribute} props={props} />
            {info !== undefined && (
              <small id={`info-${name}`} class="faint">
                {info}
              </small>
            )}
          </div>
        )
      })}
    </div>
  )
}

/** As its type asks for it. */
function Field({
  attribute: { type = 'str', values },
  props: { placeholder, ...props },
}: {
  readonly attribute: Attribute
  readonly props: object & { readonly placeholder: string }
}) {
  const choices = type === 'bool' ? [true, false] : values
  if (choices)
    return (
      <select {...props}>
        <option value="">{placeholder}</option>
        {choices.map((choice) => (
          <option key={String(choice)}>{String(choice)}</option>
        ))}
      </select>
    )
  if (/^FP(List|Tuple|Set|Str)$/.test(type))
    return <textarea {...props} rows={2} placeholder={placeholder === '[]' ? 'one a line' : placeholder} spellcheck={false} />
  return (
    <input
      {...props}
      placeholder={placeholder}
      inputMode={/int|float/.test(type) ? 'decimal' : 'text'}
      autocomplete="off"
      spellcheck={false}
    />
  )
}
