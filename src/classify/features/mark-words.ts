/** Further word lists: demands on the answer, tool requests, programming contests, courtesy. Written by hand. */
export const MARK_WORDS = {
  must: 'must should exactly ensure limit only least most',
  asks: 'explain describe write list give provide compare calculate find show discuss create design summarize analyze',
  after: 'then also finally afterwards lastly additionally respectively both',
  imperative:
    'find get calculate compute book order play search retrieve fetch schedule send set add create show tell list generate check look convert translate update delete remove predict estimate determine sort filter plot draw make reserve buy purchase call identify',
  polite: 'please could would help kindly thanks thank appreciate me i my need want looking curious wondering',
  contest:
    'subarray subsequence subsequences substring permutation permutations vertices vertex edges grid queries query operation operations minimum maximum lexicographically modulo adjacent nums array arrays string strings integers non-negative nonnegative constraints testcase cases beautiful palindrome palindromes sequence tree trees graph path rooted connected cost score moves swap bitwise xor prefix suffix',
  stdio: 'stdin stdout input output sample print format standard',
  place:
    'city cities weather flight hotel restaurant temperature distance stock price movie music song recipe player team match game museum event movies tickets',
  hard: 'optimal optimize prove rigorous rigorously derive asymptotic complexity distributed concurrent concurrency deadlock architecture scalable tradeoffs nuanced novel formally generalize counterexample edge-case invariant',
  trivia:
    'capital color colour president invented founded born famous located national largest river mountain currency language known called',
} as const
