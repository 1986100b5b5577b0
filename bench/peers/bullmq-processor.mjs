import { job } from './lib.mjs'

// the script that started BullMQ hands down no arguments: the job's name is the work
export default ({ name }) => job(name)
