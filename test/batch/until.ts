/** Jobs are waited for on a real clock, and a loaded machine may need minutes for what takes seconds: only a job that stands still is to fail. */
export const PATIENT = { testTimeout: 300_000 }

const LOOK_MS = 50

/** Resolves when `done` says so. There is no bound but the test's own. */
export async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}
