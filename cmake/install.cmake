# cmake --install: the binary (component "server"), and the headers, the static library and the
# CMake package (component "dev"). cpack makes a Debian package of each component.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pageturner)
install(TARGETS pageturner_binary RUNTIME COMPONENT server)
install(TARGETS pageturner EXPORT pageturner ARCHIVE COMPONENT dev)
# Includes have the same form in the source tree and in the installed tree: "pageturner/emulator.h".
install(FILES include/pageturner/access_key.h include/pageturner/emulator.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pageturner COMPONENT dev)
install(EXPORT pageturner NAMESPACE pageturner:: FILE pageturner-targets.cmake
        DESTINATION ${package_dir} COMPONENT dev)
configure_package_config_file(cmake/pageturner-config.cmake.in
                              ${CMAKE_CURRENT_BINARY_DIR}/pageturner-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/pageturner-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/pageturner-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/pageturner-config-version.cmake
        DESTINATION ${package_dir} COMPONENT dev)
install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/pageturner
        COMPONENT server)
install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libpageturner-dev
        COMPONENT dev)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Pageturner maintainers <maintainers@pageturner.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL server dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_SERVER_PACKAGE_NAME pageturner)
set(CPACK_DEBIAN_SERVER_PACKAGE_SECTION database)
set(CPACK_DEBIAN_SERVER_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_SERVER_DESCRIPTION "${PROJECT_DESCRIPTION}: the server.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libpageturner-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "libboost1.81-dev, libboost-json1.81-dev, libabsl-dev, libdeflate-dev, libssl-dev, zlib1g-dev")
set(CPACK_COMPONENT_DEV_DESCRIPTION "${PROJECT_DESCRIPTION}: for use inside of C++ programs.")
include(CPack)
