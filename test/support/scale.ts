/** A figure of a test: small in the suite, in full under `npm run soak`. */
export const scaled = (small: number, full: number): number => (process.env['TAYLORD_SOAK'] === undefined ? small : full)

/** How long a test may take, ms: much longer under `npm run soak`. */
export const patience = (ms: number): number => scaled(ms, 3_600_000)
