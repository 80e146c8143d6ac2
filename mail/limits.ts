/** Numbers that bound what a server, a mail or a user can make the engine do. Each with unit and reason. */

/** Bytes of mail that one batch may hold in memory. */
export const BATCH_BYTES = 16 * 1024 * 1024;

/** Mails per fetch and, under backlog, per execution; the size n8n's own trigger uses, so that both can be compared. */
export const BATCH_MESSAGES = 20;

/** Executions that may be in flight per trigger: ten are as fast as fifty in n8n. */
export const EXECUTIONS_IN_FLIGHT = 10;

/** Longest text or HTML body that goes into an item, in characters. */
export const BODY_CHARACTERS = 2 * 1024 * 1024;

/** Largest attachment that travels inside an item by default, in bytes. */
export const INLINE_ATTACHMENT_BYTES = 1024 * 1024;

/** All attachments of one item together, in bytes. */
export const INLINE_ATTACHMENTS_TOTAL_BYTES = 8 * 1024 * 1024;

/** Largest raw source that is attached to an item, in bytes. */
export const RAW_SOURCE_BYTES = 8 * 1024 * 1024;

/** Largest header block that is read, in bytes. */
export const HEADER_BYTES = 1024 * 1024;

/** Body parts of one mail that are looked at, and how deep they may nest. */
export const PARTS = 1000;
export const NESTING_DEPTH = 100;

/** HTML longer than this is not turned into text, in characters. */
export const HTML_TO_TEXT_CHARACTERS = 1024 * 1024;

/** Composed messages up to this size stay in memory; larger ones go to a temporary file. */
export const COMPOSE_IN_MEMORY_BYTES = 1024 * 1024;

/** RFC 5321, section 4.5.3.1.8 asks servers for at least 100; far more in one mail is an accident. */
export const RECIPIENTS_PER_MESSAGE = 1000;

/** RFC 5322, section 2.1.1: a line is at most 998 characters, so is an identifier in it. */
export const HEADER_LINE_CHARACTERS = 998;

/** IDLE is renewed after this: below every known provider's and firewall's limit (RFC 2177 allows 29 min). */
export const IDLE_RENEWAL_MS = 4 * 60_000;

/** No byte from the server for this long: the connection counts as dead. */
export const SOCKET_SILENCE_MS = 45_000;

/** The folder is looked at this often even if the server announces nothing. */
export const SAFETY_POLL_MS = 5 * 60_000;

/** Pauses between reconnects: doubled from the first to the last, with jitter. */
export const RECONNECT_FIRST_MS = 1_000;
export const RECONNECT_LAST_MS = 5 * 60_000;

/** After a refused sign-in the next attempt waits this long: servers lock accounts that hammer. */
export const REJECTED_LOGIN_PAUSE_MS = 15 * 60_000;

/** An execution whose end is never reported frees its slot after this. */
export const EXECUTION_REPORT_MS = 60 * 60_000;

/** Deactivation does not wait longer than this for a hanging server. */
export const CLOSE_GRACE_MS = 1_500;
