/** Numbers that bound what a server, a mail or a user can make the engine do. Each with unit and reason. */

/** Mails that a manual run may show: their bodies are in memory together. */
export const TEST_MESSAGES = 50;

/** Companies of one directory, the text that a list of them may come in, and a name; lengths in characters. */
export const COMPANIES = 10_000;
export const COMPANY_LIST_CHARACTERS = 1024 * 1024;
export const COMPANY_NAME_CHARACTERS = 200;

/** Bytes of mail that one batch may hold in memory. */
export const BATCH_BYTES = 16 * 1024 * 1024;

/** Mails per fetch and, when several wait, per execution: the size n8n's own trigger uses. */
export const BATCH_MESSAGES = 20;

/**
 * Mails that one execution gets at most when very many wait: an execution costs n8n about 40 ms, so that with 20 mails
 * in each most of the time would go into executions.
 */
export const BACKLOG_MESSAGES = 100;

/** Executions that may be in flight per trigger: ten are as fast as fifty in n8n. */
export const EXECUTIONS_IN_FLIGHT = 10;

/** While all slots are taken the server is not listened to for this long, in ms: executions end sooner as a rule. */
export const SLOT_PATIENCE_MS = 5_000;

/** What the mails of all executions in flight may weigh together, per trigger, in bytes. */
export const BYTES_IN_FLIGHT = 8 * 1024 * 1024;

/** A mail that cannot be read, or that its workflow fails with, is tried this often before it leaves by the error output. */
export const ATTEMPTS = 3;

/** Pauses before the second and the third attempt, in ms. */
export const RETRY_PAUSES_MS = [5_000, 30_000] as const;

/**
 * Executions that died with their process, per mail, before the mail is taken for the reason: more than attempts, since
 * a host that is restarted says nothing about the mail.
 */
export const INTERRUPTIONS = 5;

/** Pauses before a mail is given again whose execution died, in ms: the first time nothing speaks against the mail. */
export const INTERRUPTION_PAUSES_MS = [0, 0, 5_000, 30_000, 60_000] as const;

/** Connections or processes that ended while a mail was read, before it is given without being read. */
export const READING_LOSSES = 5;

/** Digests of finished mails that are remembered, to know them again after UIDVALIDITY changed. */
export const FINISHED_DIGESTS = 2000;

/** Longest text or HTML body that goes into an item, in characters. */
export const BODY_CHARACTERS = 2 * 1024 * 1024;

/** Largest attachment that travels inside an item by default, in bytes. */
export const INLINE_ATTACHMENT_BYTES = 1024 * 1024;

/** All attachments of one item together, in bytes. */
export const INLINE_ATTACHMENTS_TOTAL_BYTES = 8 * 1024 * 1024;

/** Largest attachment that the host is asked to store, and all of one mail together, in bytes. */
export const STORED_ATTACHMENT_BYTES = 50 * 1024 * 1024;
export const STORED_ATTACHMENTS_TOTAL_BYTES = 200 * 1024 * 1024;

/** Largest raw source that is attached to an item, in bytes. */
export const RAW_SOURCE_BYTES = 8 * 1024 * 1024;

/** Largest header block that is read, in bytes. */
export const HEADER_BYTES = 1024 * 1024;

/** Body parts of one mail that are looked at, and how deep they may nest. */
export const PARTS = 1000;
export const NESTING_DEPTH = 100;

/** Most that is read of a part that programs read, in bytes as transferred: a delivery report, a calendar. */
export const PART_TEXT_BYTES = 512 * 1024;

/** Of a message that came back this much is read, for its header, in bytes: Exchange writes up to 40 kB. */
export const RETURNED_HEADER_BYTES = 64 * 1024;

/** Recipients of one delivery report that are told. */
export const BOUNCED_RECIPIENTS = 100;

/** Attendees of one calendar event that are told. */
export const CALENDAR_ATTENDEES = 200;

/** HTML longer than this is not turned into text, in characters. */
export const HTML_TO_TEXT_CHARACTERS = 1024 * 1024;

/** Composed messages up to this size stay in memory; larger ones go to a temporary file. */
export const COMPOSE_IN_MEMORY_BYTES = 1024 * 1024;

/** RFC 5321, section 4.5.3.1.8 asks servers for at least 100; far more in one mail is an accident. */
export const RECIPIENTS_PER_MESSAGE = 1000;

/** Longest iCalendar text in a mail, in characters: an invitation of a thousand people has about 150,000. */
export const CALENDAR_CHARACTERS = 512 * 1024;

/** Of the text of a message that is answered or forwarded so much is quoted, in characters: threads grow without end. */
export const QUOTED_CHARACTERS = 256 * 1024;

/** RFC 5322, section 2.1.1: a line is at most 998 characters, so is an identifier in it. */
export const HEADER_LINE_CHARACTERS = 998;

/** An access token is renewed this long before it ends, and the sessions that were signed in with it, in ms. */
export const TOKEN_LEAD_MS = 5 * 60_000;

/** IDLE is renewed after this: below every known provider's and firewall's limit (RFC 2177 allows 29 min). */
export const IDLE_RENEWAL_MS = 4 * 60_000;

/** No byte from the server for this long: the connection counts as dead. */
export const SOCKET_SILENCE_MS = 45_000;

/** A command without a byte of answer for this long: the connection counts as dead. */
export const COMMAND_SILENCE_MS = 25_000;

/**
 * The folder is looked at this often even if the server announces nothing: some do not announce mail that was moved in,
 * and a connection that has died tells so only when it is used.
 */
export const SAFETY_POLL_MS = 30_000;

/** Pauses between reconnects: doubled from the first to the last, with jitter. */
export const RECONNECT_FIRST_MS = 1_000;
/** While the server cannot be reached: together with the connection timeout below a minute. */
export const RECONNECT_LAST_MS = 25_000;
/** While the server lets us in, or nearly, and ends the connection: more would be a storm of sign-ins. */
export const TURNED_AWAY_LAST_MS = 60_000;
/** While the server asks to slow down. */
export const THROTTLED_LAST_MS = 5 * 60_000;

/** A server that has been out of reach for this long is told to the user as a failed execution, in ms. */
export const OUTAGE_REPORT_MS = 15 * 60_000;

/** After a refused sign-in the next attempt waits this long: servers lock accounts that hammer. */
export const REJECTED_LOGIN_PAUSE_MS = 15 * 60_000;

/** An execution whose end is never reported frees its slot after this. */
export const EXECUTION_REPORT_MS = 60 * 60_000;

/**
 * An execution of an earlier process that is still under way by the records is awaited this long: n8n looks for
 * executions that nobody works on any more every three hours.
 */
export const ORPHAN_PATIENCE_MS = 4 * 60 * 60_000;

/** The host's records are asked this often how an execution stands whose end was not reported, in ms. */
export const RECORD_POLL_MS = 2_000;

/** One look into the host's records takes milliseconds; a database that needs longer is asked again later. */
export const EXECUTION_RECORD_MS = 10_000;

/** Deactivation does not wait longer than this for a hanging server. */
export const CLOSE_GRACE_MS = 1_500;

/** A POP3 maildrop is looked at this often: its server announces nothing, and every look is a sign-in. */
export const POP3_POLL_MS = 60_000;

/** A mail from POP3 up to this size stays in memory while it is read; a larger one goes to a temporary file. */
export const SPOOL_IN_MEMORY_BYTES = 1024 * 1024;

/** POP3 knows only whole mails: of a larger one than this, in bytes, only the beginning is taken. */
export const SPOOL_BYTES = 64 * 1024 * 1024;

/** All mails together that are kept for the next step of their reading, in bytes on disk. */
export const SPOOLS_TOTAL_BYTES = 256 * 1024 * 1024;

/**
 * A mail that the server puts off, or whose connection is lost before it was handed over, is tried this often in all.
 * The pauses are doubled from the first to the last, with jitter, in ms.
 */
export const SEND_TRIES = 5;
export const SEND_FIRST_PAUSE_MS = 1_000;
export const SEND_LAST_PAUSE_MS = 8_000;

/** No try of a mail begins later than this after the first, in ms: the workflow is waiting. */
export const SEND_PATIENCE_MS = 60_000;

/** An outgoing connection that nobody uses is kept this long for the next execution, in ms. */
export const SEND_IDLE_MS = 10_000;

/** A server that let in fewer connections than allowed is asked for more after this, in ms. */
export const FEWER_CONNECTIONS_MS = 30_000;

/**
 * Pauses before each look for a mail in the Sent folder whose answer was lost, in ms: providers file a mail some
 * seconds after they took it.
 */
export const UNCERTAIN_LOOKS_MS = [1_000, 3_000, 6_000] as const;

/** The same after the first mail of an account, to see whether its server files sent mail by itself. */
export const SELF_FILING_LOOKS_MS = [0, 1_500] as const;

/**
 * Pauses before each look whether a mail has arrived in the Sent folder from which it is to be taken out, in ms: while it
 * is on its way there, taking it away could stop it.
 */
export const SENT_REMOVAL_LOOKS_MS = [500, 2_000, 5_000, 10_000] as const;

/** Accounts of which it is remembered whether their server files sent mail by itself. */
export const SELF_FILING_ACCOUNTS = 1_000;

/**
 * What became of sent mails is remembered for the next try of their node: this long, in ms (n8n tries again after
 * seconds, but a run of thousands of mails takes its time), and for so many mails and their recipients together.
 */
export const SENT_MEMORY_MS = 60 * 60_000;
export const SENT_MEMORY_ENTRIES = 100_000;

/**
 * Requests of this process that are under way at a time in one mailbox of Microsoft Graph: Exchange Online lets in four of
 * one app, and another n8n, or a worker, may be at it too.
 */
export const GRAPH_PARALLEL_REQUESTS = 3;

/** A request to Graph that may be repeated is tried this often in all; the pauses are doubled, with jitter, in ms. */
export const GRAPH_TRIES = 4;
export const GRAPH_FIRST_PAUSE_MS = 1_000;
export const GRAPH_LAST_PAUSE_MS = 8_000;

/** A pause that Graph asks for is waited out within the request up to this; a longer one is the caller's, in ms. */
export const GRAPH_PATIENCE_MS = 30_000;

/** No service means a longer pause than this, in ms. */
export const GRAPH_LONGEST_PAUSE_MS = 60 * 60_000;

/** One JSON answer of Graph, in bytes, and what of an error is read. */
export const GRAPH_ANSWER_BYTES = 32 * 1024 * 1024;
export const GRAPH_ERROR_BYTES = 64 * 1024;

/** From the request to the end of a JSON answer, in ms: a server that sends a byte at a time must end too. */
export const GRAPH_ANSWER_MS = 2 * 60_000;

/** Pages of one list: a thousand mails on each, that is more than a mailbox holds. */
export const GRAPH_PAGES = 10_000;

/** An HTTPS connection without a byte for this long counts as dead, in ms: Graph thinks long before it answers. */
export const HTTPS_SILENCE_MS = 60_000;

/** A token is renewed this long before it ends, in ms: what begins with it has to be done by then. */
export const TOKEN_RESERVE_MS = 5 * 60_000;

/** A refused token younger than this is not replaced, in ms: then it is not the token that is wrong. */
export const TOKEN_TRIAL_MS = 60_000;

/** After a refused sign-in no other is tried for this long where Microsoft's answer asks for no more, in ms. */
export const REFUSED_SIGN_IN_PAUSE_MS = 30_000;

/** After a failed one, as by a broken connection, in ms. */
export const FAILED_SIGN_IN_PAUSE_MS = 3_000;

/** No service means a longer pause than this, in ms. */
export const LONGEST_SIGN_IN_PAUSE_MS = 60 * 60_000;

/** Sign-ins whose tokens one process keeps. */
export const SIGN_INS_KEPT = 1_000;

/** An answer of a token endpoint, in bytes; tokens have some 2 kB. */
export const TOKEN_ANSWER_BYTES = 256 * 1024;

/** The whole of a sign-in, from DNS to the last byte of the answer, in ms. */
export const SIGN_IN_MS = 30_000;

/**
 * One request to Graph has at most 4 MB, and base64 makes four octets of three: a whole message up to this size goes in one,
 * in bytes. Decimal megabytes: nobody has said which ones are meant.
 */
export const GRAPH_MESSAGE_BYTES = 2_999_000;

/** Largest file that Graph attaches to a message, in bytes. */
export const GRAPH_FILE_BYTES = 150 * 1024 * 1024;

/** A slice of a file is tried this often, each time after at most so long a pause, in ms; and so many sessions in all. */
export const GRAPH_UPLOAD_TRIES = 5;
export const GRAPH_UPLOAD_PAUSE_MS = 5 * 60_000;
export const GRAPH_UPLOAD_SESSIONS = 3;

/** A folder of Graph is looked at this often, in ms: nothing is announced, and 10,000 requests in ten minutes are allowed. */
export const GRAPH_POLL_MS = 20_000;

/** Messages that are remembered as seen, by digests of eight characters each: they travel in every checkpoint. */
export const GRAPH_SEEN_IDS = 5_000;

/** Numbers that are remembered with their ids beyond those of open mails. */
export const GRAPH_KNOWN_IDS = 200;

/** Bodies that came along with their heads and are kept until they are asked for, in characters. */
export const GRAPH_KEPT_BODIES = 8 * 1024 * 1024;

/** Largest .pfx file, in bytes: a certificate with key and chain has some 3 to 10 kB. */
export const PFX_BYTES = 128 * 1024;

/** Its text: base64, line breaks, a frame. */
export const PFX_CHARACTERS = 2 * PFX_BYTES;
