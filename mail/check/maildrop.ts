import type { Connector, IncomingServer } from '../connector';
import { toWhere } from '../drivers/net/endpoint';
import { listMessages } from '../drivers/pop3/listing';
import { Numbering } from '../drivers/pop3/numbering';
import { signIn } from '../drivers/pop3/sign-in';
import { defaultTiming } from '../drivers/pop3/timing';
import { toInboxSentence, withRest } from './incoming';
import { Path } from './path';
import { passSignIn } from './sign-in';
import type { StepLog } from './step-log';
import type { TimeLimit } from './time-limit';

/** Those that decide how mails are found and how fast. */
const EXTENSIONS = ['UIDL', 'TOP', 'PIPELINING'];

/** As `checkIncoming`, for POP3. */
export async function checkMaildrop(
	connector: Connector,
	server: IncomingServer,
	steps: StepLog,
	limit: TimeLimit,
): Promise<string> {
	const where = toWhere(server);
	const protection = await new Path('pop3', server, connector, steps).walk(limit);
	steps.begin('authentication');
	const connection = await limit.race(
		where,
		signIn(withRest(connector, limit), defaultTiming, limit.signal),
		async (late) => await late.leave(),
	);
	try {
		const { names } = connection.capabilities;
		const reached = passSignIn(
			server,
			steps,
			EXTENSIONS.filter((name) => names.has(name)),
		);
		steps.begin('folder');
		const listing = listMessages(connection, new Numbering(), where);
		const holds = toInboxSentence((await limit.race(where, listing)).size);
		steps.pass(holds);
		return `${reached} (${protection}), ${holds}`;
	} finally {
		// A server that does not say goodbye in time has passed all the same.
		await limit.race(where, connection.leave()).catch(() => undefined);
	}
}
