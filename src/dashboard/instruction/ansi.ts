import { AnsiUp } from 'ansi_up'

/** Makes elements of what a program writes to a terminal, colours and all, piece by piece. */
export class Ansi {
  private readonly up = new AnsiUp()
  /** What it makes is HTML, of spans, links and escaped text alone; none of it is given to the page as HTML, which its policy forbids. */
  private readonly piece = /<span(?: style="([^"]*)")?(?: class="([^"]*)")?>([^<]*)<\/span>|<a href="([^"]*)">([^<]*)<\/a>|([^<]+)/g

  constructor() {
    this.up.use_classes = true
  }

  elementsOf(text: string): Node[] {
    return [...this.up.ansi_to_html(text).matchAll(this.piece)].map(([, style = '', names = '', styled, , linked, plain = '']) => {
      const said = plainOf(styled ?? linked ?? plain)
      if (styled === undefined) return document.createTextNode(said)
      const span = document.createElement('span')
      span.style.cssText = style
      span.className = names
      span.textContent = said
      return span
    })
  }
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&amp;': '&' }
const plainOf = (text: string) => text.replaceAll(/&(?:lt|gt|quot|#x27|amp);/g, (entity) => entities[entity] ?? entity)
