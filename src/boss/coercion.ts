// rows and what a Boss is asked for are coerced by the rules by which a footprint coerces
export { coerce, NOT_COERCIBLE } from '../footprint/coerce.js'
