import type { SendMailOptions } from 'nodemailer';
import type { ExampleRun } from '../../support/example-run';

/** A mail, and the output by which it has to leave the trigger. Subjects are told apart. */
export interface ProvenMail {
	readonly output: string;
	/** As composed, or the bytes of a mail with this subject. */
	readonly mail: SendMailOptions | { readonly subject: string; readonly source: Buffer };
}

/** What shows that an example does what its note says. */
export interface Proof {
	/** Before the workflow is published. */
	prepare?(run: Pick<ExampleRun, 'dovecot' | 'mailbox'>): Promise<void>;
	/** What was put there by then and is taken all the same. */
	readonly present?: ReadonlyArray<{ readonly subject: string; readonly output: string }>;
	/** Delivered afterwards, in this order. */
	readonly mails: readonly ProvenMail[];
	/** Once each mail has left by its output: what the nodes behind have done. */
	check?(run: ExampleRun): Promise<void>;
}

/** A customer of the company whose addresses the examples have. */
export const ANN = 'Ann Lee <ann@customer.example>';
export const ANN_MAILBOX = 'ann@customer.example';
/** Somebody else there, who is only copied. */
export const BOB_MAILBOX = 'bob@customer.example';
