import { SharedArray } from '../arrays/shared-array.js'
import type { WorkFrame } from '../frames.js'

/** How often a host that does nothing looks whether it still has something mapped that nobody else can reach. */
const lookMs = 500

/** The shared arrays that this host has mapped. Each file is mapped once: a mapping lasts as long as the process. */
export class Arrays {
  private readonly byPath = new Map<string, SharedArray>()
  private looking: NodeJS.Timeout | undefined

  /** @param tell called now and then while the process should make room for another, see `outlived`. */
  constructor(private readonly tell: () => void) {}

  /** All arrays of a frame's Boss, by name. @throws Error when one cannot be mapped. */
  all(frame: WorkFrame): Record<string, SharedArray> {
    return Object.fromEntries(Object.entries(frame.arrays ?? {}).map(([name, path]) => [name, this.map(name, path)]))
  }

  /**
   * Puts arrays where an instruction names them: under each attribute that is called as an array of its Boss, and under each of type `array`.
   * @param typed attributes of type `array` that its kind declares.
   * @throws Error when one is not there or cannot be mapped.
   */
  layOver(frame: WorkFrame, attributes: Record<string, unknown>, typed: readonly string[]): void {
    const { arrays = {} } = frame
    for (const [name, path] of Object.entries(arrays)) if (name in attributes) attributes[name] = this.map(name, path)
    for (const attribute of typed) {
      const name = attributes[attribute]
      if (typeof name !== 'string') continue
      const path = arrays[name]
      if (path === undefined) throw new Error(`array "${name}", which attribute "${attribute}" names, was removed; PUT it again`)
      attributes[attribute] = this.map(name, path)
    }
  }

  /** Whether the process should make room for another: it has an array mapped that is gone, or a lock that its task left behind. */
  get outlived(): boolean {
    for (const array of this.byPath.values()) if (array.isLocked || array.isGone) return true
    return false
  }

  private map(name: string, path: string): SharedArray {
    let array = this.byPath.get(path)
    if (!array) {
      try {
        array = new SharedArray(name, path)
      } catch (error) {
        throw new Error(`array "${name}" cannot be mapped: ${(error as Error).message}; PUT it again`)
      }
      this.byPath.set(path, array)
      this.looking ??= setInterval(() => {
        if (this.outlived) this.tell()
      }, lookMs).unref()
    }
    return array
  }
}
