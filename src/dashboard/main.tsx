import { render } from 'preact'
import { App } from './app.js'
import './styles/base.css'
import './styles/frame.css'
import './styles/parts.css'
import './styles/views.css'

const root = document.getElementById('app')
if (root) {
  root.textContent = ''
  render(<App />, root)
}
