import fc from 'fast-check'

/** Properties try the same cases on every run, so that a failure is the change's own. `PROPERTY_SEED=random` looks for new ones. */
const { PROPERTY_SEED = '20261121' } = process.env
if (PROPERTY_SEED !== 'random') fc.configureGlobal({ seed: Number(PROPERTY_SEED) })
