-- The columns of a debate before body are a digest, for lists and for people with an SQL prompt. body and bodies come last because a query
-- that does not ask for them then never touches the pages they overflow to.

CREATE TABLE meta (
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	body TEXT NOT NULL                 -- JSON
);
CREATE TABLE blobs (
	id   INTEGER PRIMARY KEY,
	sum  BLOB NOT NULL UNIQUE,         -- SHA-256 of the content
	body BLOB NOT NULL                 -- see deflate
);
CREATE TABLE debates (
	item      TEXT    NOT NULL,
	draw      INTEGER NOT NULL,
	repeat    INTEGER NOT NULL,
	arm       TEXT    NOT NULL,
	key       TEXT    NOT NULL,
	answer    TEXT    NOT NULL,        -- of the primary judge; '' when there is none
	failed    TEXT    NOT NULL,        -- the error that ended the debate, or ''
	undecided TEXT    NOT NULL,        -- the error of the primary judge, or ''
	again     INTEGER NOT NULL,
	simulated INTEGER NOT NULL,
	tied      INTEGER NOT NULL,        -- the primary judge's verdict was a tie
	rounds    INTEGER NOT NULL,        -- debate rounds after round 0; -1 when there was no round
	corrected INTEGER NOT NULL,        -- transitions from incorrect to correct
	corrupted INTEGER NOT NULL,        -- transitions from correct to incorrect
	question  INTEGER,                 -- blobs.id of the question as JSON; NULL when there is no transcript
	shape     INTEGER,                 -- blobs.id, in compact runs
	body      BLOB    NOT NULL,        -- JSON without question and calls, see deflate; in compact runs, see package compact
	bodies    BLOB,                    -- of its calls, see deflate and bodies.go; NULL when there are none, or they are in blobs
	PRIMARY KEY (item, draw, repeat, arm)
) WITHOUT ROWID;
CREATE TABLE calls (
	item              TEXT    NOT NULL,
	draw              INTEGER NOT NULL,
	repeat            INTEGER NOT NULL,
	arm               TEXT    NOT NULL,
	seq               INTEGER NOT NULL, -- of the message; -1-i for the reply of verdict i
	n                 INTEGER NOT NULL, -- from 0, in the order of the calls behind one reply
	model             TEXT    NOT NULL,
	served            TEXT    NOT NULL,
	url               TEXT    NOT NULL,
	finish            TEXT    NOT NULL,
	attempts          INTEGER NOT NULL,
	shared            INTEGER NOT NULL,
	cached            INTEGER NOT NULL,
	share_key         TEXT    NOT NULL, -- '' from schema version 3 on: it is in debates.bodies, as the bodies of requests and responses are
	took_ns           INTEGER NOT NULL,
	calls             INTEGER NOT NULL,
	prompt_tokens     INTEGER NOT NULL,
	cached_tokens     INTEGER NOT NULL,
	completion_tokens INTEGER NOT NULL,
	reasoning_tokens  INTEGER NOT NULL,
	estimated         INTEGER NOT NULL,
	request           INTEGER,          -- blobs.id; NULL from schema version 3 on
	response          INTEGER,          -- blobs.id; likewise
	PRIMARY KEY (item, draw, repeat, arm, seq, n)
) WITHOUT ROWID;
