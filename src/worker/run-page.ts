import { closeSync, openSync } from 'node:fs'
import { mapShared } from '../arrays/memory.js'
import { runFile } from '../frames.js'

/** This host's run file, mapped: what is written here costs no system call and outlives the host, however it dies. */
export class RunPage {
  private readonly view: DataView
  private readonly bytes: Buffer
  /** The row before had a limit. */
  private limited = true

  /** @param file one page long. @param loading told of each row whose module is being loaded. */
  constructor(
    file: string,
    private readonly loading?: (f: number, row: number) => void,
  ) {
    const fd = openSync(file, 'r+')
    const mapped = mapShared(fd, runFile.bytes)
    this.view = new DataView(mapped)
    this.bytes = Buffer.from(mapped)
    closeSync(fd)
    this.text(runFile.host, process.pid)
  }

  /** @param pid of the guard of this host. */
  guard(pid: number): void {
    this.view.setInt32(runFile.guard, pid, true)
  }

  /** A row's module is being loaded. */
  loads(f: number, row: number): void {
    this.note(f, row, 1)
    this.loading?.(f, row)
  }

  /** A row begins. @param limit MiB that it may take beyond `base`; 0 for no limit. @param fence see `runFile`. */
  begins(f: number, row: number, limit = 0, base = 0, fence = 0): void {
    if (limit > 0 || this.limited) {
      this.view.setFloat64(runFile.limit, limit, true)
      this.view.setFloat64(runFile.base, base, true)
      this.view.setInt32(runFile.fence, fence, true)
      this.limited = limit > 0
    }
    this.note(f, row, 2)
  }

  /** Nothing is being carried out. */
  rests(): void {
    this.view.setInt32(runFile.phase, 0, true)
  }

  /** @param pid of the program that runs, its own process group; 0 for none. */
  program(pid: number): void {
    this.text(runFile.program, pid)
  }

  private note(f: number, row: number, phase: number): void {
    this.view.setFloat64(runFile.frame, f, true)
    this.view.setInt32(runFile.row, row, true)
    this.view.setInt32(runFile.phase, phase, true)
  }

  private text(at: number, pid: number): void {
    this.bytes.write(String(pid).padEnd(15), at, 'latin1')
  }
}
