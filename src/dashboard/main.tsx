import { render } from 'preact'
import { App } from './app.js'
import './styles/base.css'
import './styles/frame.css'
import './styles/parts.css'
import './styles/gantt.css'
import './styles/now.css'
import './styles/instructions.css'
import './styles/instruction.css'
import './styles/forms.css'

const root = document.getElementById('app')
if (root) {
  root.textContent = ''
  render(<App />, root)
}
