package org.posthorn.users.file;

import java.lang.annotation.Annotation;

/** Settings as a file would give them. */
record Settings(String file, String aliases, String domain, int rememberLogins) implements FileUsers.Config {

    static Settings of(String file, String aliases, String domain) {
        return new Settings(file, aliases, domain, 300);
    }

    @Override
    public Class<? extends Annotation> annotationType() {
        return FileUsers.Config.class;
    }
}
