// Package recorded replays real replies: its agents answer with what real models once said to the same question, so that votes,
// aggregation, extraction of answers and transitions run on real text without a model.
//
// [Open] reads a file of JSON lines, plain or gzipped, into a [Recording]: the items, the agents, and who said what in which round.
// [Recording.Team] makes the agents of one item. [Protocol] repeats a recorded debate turn by turn; any other protocol that asks for
// round 0 alone works too. A reply that is not in the file is an error that names item, agent and round; nothing is made up.
//
// # Formats
//
// The format is found from the fields of the first row; all rows of a file have the same one.
//
//	name             fields that give it away      agents                                  source, licence
//	gsm8k-solutions  ground_truth, 6b_finetuning   4 GPT-3 models, one solution each       openai/grade-school-math, MIT
//	helm14           votes, majority               14 models, bare letters                 HELM on MMLU-Redux, CC BY 4.0
//	mmlu-pro         question_id, answers          12 models, chains of thought            MMLU-Pro, Apache-2.0
//	eot              idx, dataset, answers         agent-0 to agent-2 of one model         yinzhangyue/EoT, Apache-2.0
//	math-qwen        level, answers                sample-0 to sample-7 of one model       QwenLM/Qwen2.5-Math, MIT
//	dylan            n_agents, rounds              agent-0 to agent-3, up to 3 rounds      SALT-NLP/DyLAN, MIT
//	du-gsm, du-mmlu  (not JSON lines; see below)   agent-0, agent-1 ..., any number of rounds      llm_multiagent_debate, no licence
//	own files        id, question, answer          as named                                as the file says
//
// A row of an own file has "replies", the independent answers by agent, or "rounds", a list of rounds, each a list of turns:
//
//	{"id": "sky", "question": "…", "choices": ["red", "blue"], "answer": "B", "replies": {"ann": "It is (B).", "bob": "A"}}
//	{"id": "7x8", "question": "…", "answer": "56", "rounds": [[{"agent": "ann", "text": "54"}, {"agent": "bob", "text": "56"}],
//	                                                         [{"agent": "ann", "text": "56, I agree", "heard": ["bob"]}]]}
//
// "kind" (choice, number, open), "source", "licence" and "model" may be given; without "kind" a question with choices is a Choice,
// one whose answer is a number a Number, any other Open. A misspelt field is refused.
//
// What a file says of its own replies (is_correct, recorded_pred, majority, rm, …) is not read: answers are read from the texts.
// A row whose key is no number where a number is asked for, and a row that repeats an earlier one, replies and all, is left out, and
// [Recording.Skipped] says so with its line. Anything else that does not fit, and in an own file a key that is none, is an error.
//
// # Items and questions
//
// Item IDs start with the name of the format, or of the own file where its id has no slash: "gsm8k-solutions/17" is row 17, from 0, of the GSM8K test set,
// "helm14/astronomy/34" row 34 of that MMLU test subject, "helm14/line/1719" a row without subject on that line of the file,
// "mmlu-pro/business/74" question_id 74, "eot/CSQA/3" the fourth CSQA question of the file, "math-qwen/5" idx 5.
// A question that was debated more than once has an item for each debate, told apart by what follows an "@":
// "dylan/astronomy/34@2-agents" and "dylan/astronomy/34@3-agents". [debate.Variant] cuts it off: items with the same question
// are not independent.
//
// # DyLAN
//
// The debates are those of Liu et al. 2023 (arXiv 2310.02170) on MMLU. Their scripts (code/MMLU/LLMLP.py) ask the agents of a round
// in random order and stop as soon as more than two thirds of the team agree, so that a round, the first one too, may lack
// agents; of teams of four only two at most are asked in the third round. From the second round on a speaker was shown the replies
// of the round before, its own among them, in random order and without names, and nothing older. The file does not keep that order:
// a message here has heard the others in the order of the file, and its own reply reaches a speaker as its own, as everywhere in
// cheaptalk. The prompt asked for one score a reply that was shown: of the later replies that give a list of scores, 98 % give as
// many as the round before has replies (a test counts them). The roles of the agents are not in the file, and agent-0 of a team of
// two need not have the role of agent-0 of a team of four.
//
// # Du et al.
//
// gen_gsm.py and gen_mmlu.py of composable-models/llm_multiagent_debate (Du et al. 2023, arXiv 2305.14325) write one JSON object,
// gsm_AGENTS_ROUNDS.json or mmlu_AGENTS_ROUNDS.json, that maps each question to a list of two: the chat of every agent, and the answer. The
// replies in a chat are an agent's rounds, in order; the first is independent. A later one answers a prompt in which the replies
// of the others of the round before are quoted, all to all and at the same time; an agent has heard those that are quoted. The key of
// gsm is the number after "####". The questions of mmlu are whole prompts, out of which question and choices are taken; one in which the choices can
// be told apart in more than one way is left out. Items are "du-gsm/0" or "du-mmlu/0" in the order of the file. The models are not in the
// file. What gen_math.py writes is a Python pickle, and biographies have no key: neither is read.
//
// # Concurrency
//
// A Recording does not change after Open and may be used by many goroutines at once.
package recorded
