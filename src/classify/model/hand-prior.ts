import { FEATURE_NAMES } from '../features/index.js'

/**
 * A hand-written linear prior over standardised features, from general knowledge: mathematics, code, logic and long problems profit from a
 * strong model; small talk, common sense and free writing do not. No fitted model ranks unseen kinds of task better than this, so the
 * fitted ones are shrunk to it and give way to it far from their data.
 */
const WEIGHTS: Readonly<Record<string, number>> = {
  // Size and form.
  ...{ len: 0.5, sent: 0.3, stemlen: 0.4, prelen: 0.2, optlen: 0.2, roman: 0.3, brack: 0.1, maxd: 0.2, w_notcap: 0.2 },
  // Mathematics and logic.
  ...{ x_advmath: 1, s_advmath: 0.6, x_logic: 0.7, x_arith: 0.3, math: 0.6, latex: 0.6, nnum: 0.4 },
  ...{ maxnum: 0.2, x_numword: 0.2, l_howmany: 0.3, l_calc: 0.4, f_calc: 0.4, f_prove: 0.5 },
  // Code and science.
  ...{ x_code: 0.7, s_code: 0.5, defpy: 0.4, loops: 0.2, x_phys: 0.5, s_phys: 0.4, x_chem: 0.4, s_chem: 0.3 },
  // Other fields.
  ...{ x_econ: 0.1, x_law: 0.2, x_phil: 0.2, x_psych: -0.3, s_psych: -0.3, x_hist: -0.2 },
  // Everyday and free.
  ...{ x_create: -0.6, x_common: -0.6, x_pop: -0.3, x_extract: -0.3, x_explain: -0.2, x_cause: -0.1, f_who: -0.3 },
  ...{ f_where: -0.3, f_when: -0.3, l_who: -0.2 },
  // Demands.
  ...{ x_must: 0.3, x_asks: 0.2, x_neg: 0.1 },
}

export const HAND_WEIGHTS: Float32Array = Float32Array.from(FEATURE_NAMES, (name) => WEIGHTS[name] ?? 0)
