import plain from '../../kinds/parts/plain.mjs'
import slow from '../../kinds/parts/slow.mjs'

export default [...plain, ...slow]
