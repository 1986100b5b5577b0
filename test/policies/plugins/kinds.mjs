import plain from '../../kinds/plain.mjs'
import slow from '../../kinds/slow.mjs'

export default [...plain, ...slow]
