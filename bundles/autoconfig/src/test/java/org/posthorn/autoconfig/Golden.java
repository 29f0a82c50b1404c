package org.posthorn.autoconfig;

/** Answers, octet for octet. */
final class Golden {

    static final String PROFILE_UUID = "af749e2e-55e1-3a2f-9e4f-2ceae7ebbb60";

    static final String CLIENT_CONFIG = """
            <?xml version="1.0" encoding="UTF-8"?>
            <clientConfig version="1.1">
              <emailProvider id="one.test">
                <domain>one.test</domain>
                <displayName>one.test</displayName>
                <displayShortName>one.test</displayShortName>
                <incomingServer type="imap">
                  <hostname>mail.one.test</hostname>
                  <port>993</port>
                  <socketType>SSL</socketType>
                  <authentication>password-cleartext</authentication>
                  <username>%EMAILADDRESS%</username>
                </incomingServer>
                <incomingServer type="imap">
                  <hostname>mail.one.test</hostname>
                  <port>143</port>
                  <socketType>STARTTLS</socketType>
                  <authentication>password-cleartext</authentication>
                  <username>%EMAILADDRESS%</username>
                </incomingServer>
                <incomingServer type="pop3">
                  <hostname>mail.one.test</hostname>
                  <port>995</port>
                  <socketType>SSL</socketType>
                  <authentication>password-cleartext</authentication>
                  <username>%EMAILADDRESS%</username>
                </incomingServer>
                <outgoingServer type="smtp">
                  <hostname>mail.one.test</hostname>
                  <port>465</port>
                  <socketType>SSL</socketType>
                  <authentication>password-cleartext</authentication>
                  <username>%EMAILADDRESS%</username>
                </outgoingServer>
                <outgoingServer type="smtp">
                  <hostname>mail.one.test</hostname>
                  <port>587</port>
                  <socketType>STARTTLS</socketType>
                  <authentication>password-cleartext</authentication>
                  <username>%EMAILADDRESS%</username>
                </outgoingServer>
                <incomingServer type="jmap">
                  <url>https://web.one.test/.well-known/jmap</url>
                  <authentication system="http">Basic</authentication>
                  <username>%EMAILADDRESS%</username>
                </incomingServer>
              </emailProvider>
            </clientConfig>
            """;

    static final String AUTODISCOVER = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
              <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
                <Account>
                  <AccountType>email</AccountType>
                  <Action>settings</Action>
                  <Protocol>
                    <Type>IMAP</Type>
                    <Server>mail.one.test</Server>
                    <Port>993</Port>
                    <LoginName>ann@one.test</LoginName>
                    <DomainRequired>off</DomainRequired>
                    <SPA>off</SPA>
                    <SSL>on</SSL>
                    <Encryption>SSL</Encryption>
                    <AuthRequired>on</AuthRequired>
                  </Protocol>
                  <Protocol>
                    <Type>POP3</Type>
                    <Server>mail.one.test</Server>
                    <Port>995</Port>
                    <LoginName>ann@one.test</LoginName>
                    <DomainRequired>off</DomainRequired>
                    <SPA>off</SPA>
                    <SSL>on</SSL>
                    <Encryption>SSL</Encryption>
                    <AuthRequired>on</AuthRequired>
                  </Protocol>
                  <Protocol>
                    <Type>SMTP</Type>
                    <Server>mail.one.test</Server>
                    <Port>465</Port>
                    <LoginName>ann@one.test</LoginName>
                    <DomainRequired>off</DomainRequired>
                    <SPA>off</SPA>
                    <SSL>on</SSL>
                    <Encryption>SSL</Encryption>
                    <AuthRequired>on</AuthRequired>
                    <UsePOPAuth>on</UsePOPAuth>
                    <SMTPLast>off</SMTPLast>
                  </Protocol>
                </Account>
              </Response>
            </Autodiscover>
            """;

    static final String INVALID_REQUEST = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
              <Response>
                <Error>
                  <ErrorCode>600</ErrorCode>
                  <Message>Invalid Request</Message>
                  <DebugData/>
                </Error>
              </Response>
            </Autodiscover>
            """;

    static final String PROFILE = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
              <dict>
                <key>PayloadContent</key>
                <array>
                  <dict>
                    <key>EmailAccountDescription</key>
                    <string>ann@one.test</string>
                    <key>EmailAccountType</key>
                    <string>EmailTypeIMAP</string>
                    <key>EmailAddress</key>
                    <string>ann@one.test</string>
                    <key>IncomingMailServerAuthentication</key>
                    <string>EmailAuthPassword</string>
                    <key>IncomingMailServerHostName</key>
                    <string>mail.one.test</string>
                    <key>IncomingMailServerPortNumber</key>
                    <integer>993</integer>
                    <key>IncomingMailServerUseSSL</key>
                    <true/>
                    <key>IncomingMailServerUsername</key>
                    <string>ann@one.test</string>
                    <key>OutgoingMailServerAuthentication</key>
                    <string>EmailAuthPassword</string>
                    <key>OutgoingMailServerHostName</key>
                    <string>mail.one.test</string>
                    <key>OutgoingMailServerPortNumber</key>
                    <integer>465</integer>
                    <key>OutgoingMailServerUseSSL</key>
                    <true/>
                    <key>OutgoingMailServerUsername</key>
                    <string>ann@one.test</string>
                    <key>OutgoingPasswordSameAsIncomingPassword</key>
                    <true/>
                    <key>PayloadType</key>
                    <string>com.apple.mail.managed</string>
                    <key>PayloadVersion</key>
                    <integer>1</integer>
                    <key>PayloadIdentifier</key>
                    <string>org.posthorn.mobileconfig.account.b4bbbe9f-f184-3ed2-a0da-3065a7dbbe52</string>
                    <key>PayloadUUID</key>
                    <string>b4bbbe9f-f184-3ed2-a0da-3065a7dbbe52</string>
                    <key>PayloadDisplayName</key>
                    <string>one.test</string>
                  </dict>
                </array>
                <key>PayloadType</key>
                <string>Configuration</string>
                <key>PayloadVersion</key>
                <integer>1</integer>
                <key>PayloadIdentifier</key>
                <string>org.posthorn.mobileconfig.profile.af749e2e-55e1-3a2f-9e4f-2ceae7ebbb60</string>
                <key>PayloadUUID</key>
                <string>af749e2e-55e1-3a2f-9e4f-2ceae7ebbb60</string>
                <key>PayloadDisplayName</key>
                <string>one.test</string>
                <key>PayloadDescription</key>
                <string>Sets up mail for ann@one.test</string>
                <key>PayloadOrganization</key>
                <string>one.test</string>
              </dict>
            </plist>
            """;

    private Golden() {}
}
