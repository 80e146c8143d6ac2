import { toConnector } from '../../../nodes/bridge/connector';
import { createMailboxDriver } from '../../../nodes/bridge/mailbox-driver';
import { silentLog } from '../../mail/drivers/imap/imap-connector';

const data = {
	incomingHost: 'mail.example.com',
	user: 'support@example.com',
	password: 'correct horse',
	useFor: 'incoming',
};

describe('the driver of a mailbox', () => {
	it('is that of the connector’s protocol', () => {
		const abilitiesOf = (incomingProtocol: string) =>
			createMailboxDriver(toConnector({ ...data, incomingProtocol }), silentLog).abilities;
		expect(abilitiesOf('imap')).toEqual({ marks: true, folders: true });
		expect(abilitiesOf('pop3')).toEqual({ marks: false, folders: false });
	});
});
