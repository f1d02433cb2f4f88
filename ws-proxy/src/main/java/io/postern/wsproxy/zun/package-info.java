/** The part of OpenStack Zun's API that {@code openstack appcontainer} needs to list, attach and exec. Knows no engine. */
@NullMarked
package io.postern.wsproxy.zun;

import org.jspecify.annotations.NullMarked;
